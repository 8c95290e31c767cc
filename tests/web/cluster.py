"""A PostgreSQL cluster made for the tests, with nobody else in it, and thrown away after them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


def binaries() -> Path | None:
    """Where Debian puts the server of the newest version, or where the path finds it."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    there = shutil.which("initdb")
    return Path(there).resolve().parent if there else None


@dataclass(frozen=True, slots=True)
class Cluster:
    port: int
    control: tuple[str, ...]  # pg_ctl on this cluster
    options: str
    folder: Path

    def start(self) -> None:
        subprocess.run(
            [*self.control, "-o", self.options, "start"],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        """At once, as when the machine's administrator restarts it: connections are cut."""
        subprocess.run([*self.control, "-m", "fast", "stop"], check=True, cwd=self.folder)

    def make(self, name: str, template: str = "template0") -> str:
        """A new database, empty or a copy of another; gives its DATABASE_URL."""
        import psycopg

        with psycopg.connect(
            f"postgresql://postgres@127.0.0.1:{self.port}/postgres", autocommit=True
        ) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"


@contextmanager
def running(bin: Path) -> Iterator[Cluster]:
    """The server refuses to run as root: then the user postgres, whom its package makes, runs it."""
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="liangxin-postgres-"))
    folder.chmod(0o777)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    control = [*as_user, str(bin / "pg_ctl"), "-D", str(data), "-w", "-s", "-l", str(folder / "log")]
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off -c synchronous_commit=off"
    try:
        subprocess.run(
            [*as_user, str(bin / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--locale=C.UTF-8", "-E", "UTF8"],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        made = Cluster(port, tuple(control), options, folder)
        made.start()
        yield made
    finally:
        if data.exists():
            subprocess.run(
                [*control, "-m", "immediate", "stop"], check=False, cwd=folder, capture_output=True
            )
        shutil.rmtree(folder, ignore_errors=True)
