"""The site keeps running: its processes killed, a lock held, the database started anew, a second server turned away."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.web.cluster import Cluster
from tests.web.served import WEB, WORKER, Served, alive, free_port, serving, until
from tests.web.sites import Make, Site, _full, cluster, make_site  # noqa: F401

from liangxin.findings import InputError
from liangxin.web.running.heartbeat import SILENT_AFTER, Heartbeat
from liangxin.web.running.holding import check_address, hold_folder, take_lock
from liangxin.web.running.supervisor import Child, Supervisor
from liangxin.wording import Text

EXPORT = """
    from liangxin.web.accounts.models import User
    from liangxin.web.areas.models import Town
    from liangxin.web.documents.services import EVERYTHING
    from liangxin.web.jobs.services import start
    from liangxin.wording import Text
    wanted = {"document": EVERYTHING, "kind": "zip", "query": {}, "lang": "zh"}
    print(start(Town.objects.get(), User.objects.get(username="alice"), "documents", Text("全套", "all"), wanted).pk)
"""
JOB = """
    import json
    from liangxin.web.jobs.models import Job
    job = Job.objects.get(pk={pk})
    print(json.dumps([job.state, job.attempts, job.error and job.error["zh"]]))
"""


def state_of(site: Site, pk: str) -> tuple[str, int]:
    """Of the SQLite file itself: a look that starts no process."""
    with sqlite3.connect(site.data / "site.sqlite3", timeout=60) as link:
        found = link.execute("SELECT state, attempts FROM jobs_job WHERE id = ?", (pk,)).fetchone()
    link.close()
    return found


@pytest.fixture(scope="module")
def served(_full: Callable[[str], Site], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:  # noqa: F811
    """One site for the tests that leave it running."""
    folder = tmp_path_factory.mktemp("served")
    site = Site(folder / "data")
    shutil.copytree(_full("sqlite").data, site.data)
    with serving(site, folder / "log") as made:
        yield made


@pytest.mark.slow
def test_a_killed_worker_is_started_again_and_its_job_is_done(served: Served) -> None:
    """kill -9 in the middle of a run: the log says so, the next worker takes the job up at once, and it is done."""
    job = served.site.run(EXPORT)
    until(lambda: "running" == state_of(served.site, job)[0])
    os.kill(served.child(WORKER) or 0, signal.SIGKILL)
    until(lambda: "done" == state_of(served.site, job)[0], 120)
    assert 2 == state_of(served.site, job)[1]
    assert "后台任务没有运行：进程意外结束（signal 9）" in served.log.read_text()
    until(served.all_ready)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["server", "one of its processes"])
def test_a_killed_web_server_is_started_again(served: Served, which: str) -> None:
    """kill -9 of the server or of one of its processes: pages are there again, and nobody is left over from before."""
    server = served.child(WEB) or 0
    before = [server, *served.children(server)]
    killed = server if which == "server" else before[1]
    os.kill(killed, signal.SIGKILL)
    until(lambda: not alive(killed))
    until(lambda: 200 == served.get("/accounts/login/")[0])
    if which == "server":
        until(lambda: not any(alive(pid) for pid in before), 10)
    until(lambda: 3 == len([line for line in served.children().values() if WEB in line]))
    assert served.process.poll() is None


@pytest.mark.slow
def test_a_lock_held_for_half_a_minute_ends_nobody(served: Served) -> None:
    """Another program holds the database's lock for 30 s: pages are read, the worker stays the same, its job is done."""
    worker, web = served.child(WORKER), served.child(WEB)
    os.kill(worker or 0, signal.SIGSTOP)
    job = served.site.run(EXPORT)
    other = sqlite3.connect(served.site.data / "site.sqlite3", timeout=20, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    os.kill(worker or 0, signal.SIGCONT)  # it wants to take the job, and may not write
    held = time.monotonic()
    statuses = set()
    while time.monotonic() - held < 30:
        statuses.add(served.get("/accounts/login/")[0])
        assert served.ready()["database"]
        time.sleep(1)
    other.execute("ROLLBACK")
    other.close()
    assert {200} == statuses
    until(lambda: "done" == state_of(served.site, job)[0], 120)
    assert (worker, web) == (served.child(WORKER), served.child(WEB))


@pytest.mark.slow
def test_a_second_server_is_turned_away(served: Served, tmp_path: Path) -> None:
    """Of the same folder, or on the same port: exit 1, in both languages, nothing made."""
    folder = served.site.command("serve", "--port", str(free_port()))
    assert (1, True) == (folder.returncode, "正在用这个数据文件夹" in folder.stderr)
    assert f"pid {served.process.pid}, port {served.port}" in folder.stderr
    port = Site(tmp_path / "data").command("serve", "--port", str(served.port), lang="en")
    assert (1, True) == (port.returncode, "Another program listens on this port" in port.stderr)
    assert not (tmp_path / "data" / "site.sqlite3").exists()


@pytest.mark.slow
def test_all_end_with_a_killed_supervisor_and_the_next_takes_over(make_site: Make, tmp_path: Path) -> None:  # noqa: F811
    """kill -9 of the supervisor leaves no process and no lock; started again it takes up the job; SIGTERM ends it well,
    with the running job back in the queue and no attempt counted."""
    site = make_site("sqlite")
    with serving(site, tmp_path / "log") as first:
        job = site.run(EXPORT)
        until(lambda: "running" == state_of(site, job)[0])
        theirs = list(first.children())
        assert 4 <= len(theirs)
        first.process.kill()
        until(lambda: not any(alive(pid) for pid in theirs), 20)
        assert "running" == state_of(site, job)[0]
    with serving(site, tmp_path / "log", first.port) as second:
        until(lambda: ("done", 2) == state_of(site, job), 120)
        theirs, worker = list(second.children()), second.child(WORKER) or 0
        os.kill(worker, signal.SIGSTOP)
        job = site.run(EXPORT)
        os.kill(worker, signal.SIGCONT)
        until(lambda: "running" == state_of(site, job)[0])
        assert 0 == second.stop()
        until(lambda: not any(alive(pid) for pid in theirs), 5)
    assert ("queued", 0) == state_of(site, job)


@pytest.mark.slow
@pytest.mark.postgres
def test_a_database_that_is_started_anew(cluster: Cluster, make_site: Make, tmp_path: Path) -> None:  # noqa: F811
    """PostgreSQL restarted under the site: not ready meanwhile, ready afterwards, the queued job done by the same worker."""
    site = make_site("postgres")
    with serving(site, tmp_path / "log") as served:
        worker = served.child(WORKER)
        cluster.stop()
        until(lambda: served.ready().get("database") is False)
        assert 200 == served.get("/health/live")[0]
        time.sleep(2)
        cluster.start()
        until(served.all_ready)
        job = site.run(EXPORT)
        until(lambda: '["done", 1, null]' == site.run(JOB.format(pk=job)), 120)
        assert worker == served.child(WORKER)


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    """Also by kill -9, though the file stays; while the process lives nobody else gets it."""
    code = (
        "import sys, time; from pathlib import Path; from liangxin.web.running.holding import take_lock;"
        "take_lock(Path(sys.argv[1]), 0); print('held', flush=True); time.sleep(60)"
    )
    path = tmp_path / "lock"
    holder = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    assert take_lock(path, 0.2) is None
    holder.kill()
    holder.wait()
    again = take_lock(path, 0.0)
    assert again is not None
    os.close(again)
    holder.stdout.close()


def test_a_folder_is_free_again_after_its_server(tmp_path: Path) -> None:
    """Held once at a time; the message names the process and its port."""
    with hold_folder(tmp_path, 8123):
        with pytest.raises(InputError) as refused, hold_folder(tmp_path, 8124):
            pass
        assert f"pid {os.getpid()}, port 8123" in str(refused.value.findings[0].found)
    with hold_folder(tmp_path, 8124):
        pass


@pytest.mark.parametrize(("host", "what"), [("127.0.0.1", "占用"), ("192.0.2.1", "不能监听")])
def test_an_address_that_cannot_be_had_is_said(host: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port in use, also by a server that shares ports (SO_REUSEPORT); an address of another machine. A free one passes."""
    from liangxin.web.running import holding

    monkeypatch.setattr(holding, "GRACE", 0.0)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        with pytest.raises(InputError, match=what):
            check_address(host, other.getsockname()[1])
    check_address("127.0.0.1", free_port())


@pytest.mark.parametrize("shift", [-3600.0, 3600.0])
def test_a_changed_clock_makes_no_worker_look_dead(
    tmp_path: Path, shift: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock on the wall may go back or forth an hour; silence is told by the time since the machine started."""
    heartbeat = Heartbeat.of(tmp_path)
    assert heartbeat.silent
    heartbeat.give()
    wall, steady = time.time(), time.monotonic()
    monkeypatch.setattr(time, "time", lambda: wall + shift)
    assert not heartbeat.silent
    monkeypatch.setattr(time, "monotonic", lambda: steady + SILENT_AFTER + 1)
    assert heartbeat.silent


def test_a_sign_of_an_earlier_start_is_none(tmp_path: Path) -> None:
    """After a power cut the file is still there."""
    heartbeat = Heartbeat.of(tmp_path)
    heartbeat.path.write_text(f"another-boot {time.monotonic():020.3f}\n")
    assert heartbeat.silent


def children(web: str, worker: str) -> tuple[Child, Child]:
    return (
        Child(Text("网页服务", "web"), [sys.executable, "-c", web]),
        Child(Text("后台任务", "worker"), [sys.executable, "-c", worker]),
    )


def supervised(supervisor: Supervisor, seconds: float) -> int:
    """Run in this thread and told to stop after a while; the handlers of signals are put back."""
    kept = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    timer = threading.Timer(seconds, supervisor.stopping.set)
    timer.start()
    try:
        return supervisor.run()
    finally:
        timer.cancel()
        for each, handler in kept.items():
            signal.signal(each, handler)


def test_a_worker_that_hangs_is_ended_and_started_anew(tmp_path: Path) -> None:
    """It lives but gives no sign: said, killed, said again when it is started; each wait is longer than the last."""
    said: list[Text] = []
    web, worker = children("import time; time.sleep(60)", "import time; time.sleep(60)")
    supervisor = Supervisor(web, worker, os.environ, Heartbeat.of(tmp_path), said.append, hung_after=0.5)
    assert 0 == supervised(supervisor, 4.5)
    words = [each.zh for each in said]
    assert "没有动静" in words[0]
    assert "signal 9）" in words[1]
    assert "1 秒后" in words[1]
    assert "已重新启动" in words[2]
    assert "2 秒后" in words[4]


def test_a_web_server_that_never_comes_up_ends_the_site(tmp_path: Path) -> None:
    """It ends at once, three times: no endless loop on the terminal of whoever mistyped a setting. Exit 1."""
    said: list[Text] = []
    web, worker = children("raise SystemExit(3)", "import time; time.sleep(60)")
    supervisor = Supervisor(web, worker, os.environ, Heartbeat.of(tmp_path), said.append)
    assert 1 == supervised(supervisor, 30)
    assert ["exit 3" in each.en for each in said if "ended unexpectedly" in each.en] == [True] * 3
    assert "起不来" in said[-1].zh
