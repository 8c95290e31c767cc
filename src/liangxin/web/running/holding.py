"""One server to a data folder, one worker to a data folder: locks that end with their process, also by kill -9."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from liangxin.findings import InputError
from liangxin.web.folder import keep_private
from liangxin.wording import Text

SERVER_LOCK: Final = "serve.lock"
WORKER_LOCK: Final = "worker.lock"
GRACE: Final = 2.0  # seconds in which the processes of a server that was killed give up their port


@contextmanager
def hold_folder(data: Path, port: int) -> Iterator[None]:
    """This process is the only server of the data folder. Raises InputError naming the one that is already there."""
    keep_private()
    data.mkdir(parents=True, exist_ok=True)
    descriptor = take_lock(data / SERVER_LOCK, 0.0)
    if descriptor is None:
        raise InputError.of(
            "folder-held",
            "另一个 liangxin serve 正在用这个数据文件夹，没有启动：请先停下那一个，或者用 --data 指定别的文件夹",
            "Another liangxin serve holds this data folder; not started. Stop that one first, or name another folder by --data",
            found=f"{data} ({_note(data / SERVER_LOCK)})",
        )
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"pid {os.getpid()}, port {port}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def take_lock(path: Path, wait: float) -> int | None:
    """The open descriptor that holds the lock until it is closed or its process ends; None where another process has it
    for all of ``wait`` seconds. It is not handed on to child processes."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    until = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                os.close(descriptor)
                return None
            time.sleep(0.1)
        else:
            return descriptor


def _note(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").strip()


def check_address(host: str, port: int) -> None:
    """Raises InputError where the port cannot be listened on: used by another program, or not allowed here."""
    until = time.monotonic() + GRACE
    while True:
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                probe.listen(1)
        except OSError as failed:
            if failed.errno == errno.EADDRINUSE and time.monotonic() < until:
                time.sleep(0.25)
                continue
            raise _no_address(host, port, failed) from None
        return


def _no_address(host: str, port: int, failed: OSError) -> InputError:
    if failed.errno == errno.EADDRINUSE:
        said = Text(
            "这个端口已经被别的程序占用，没有启动", "Another program listens on this port; not started"
        )
        accepted = Text("用 --port 换一个端口", "another one by --port")
    elif failed.errno == errno.EACCES:
        said = Text("没有权限使用这个端口，没有启动", "This port may not be used by this user; not started")
        accepted = Text("1024 以上的端口（--port）", "a port above 1024 (--port)")
    else:
        said = Text("这个地址不能监听，没有启动", "This address cannot be listened on; not started")
        accepted = Text(
            "本机的地址（--host），例如 127.0.0.1", "an address of this machine (--host), e.g. 127.0.0.1"
        )
    return InputError.of("address", said.zh, said.en, found=f"{host}:{port}", accepted=accepted)
