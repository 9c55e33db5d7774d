"""A PostgreSQL cluster of the tests' own: made when they begin, gone when they end."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

ROOM = 4 << 30
"""Bytes that must be free in memory for a run to lie there; it takes less than one of them."""


class Unavailable(Exception):
    """There is no PostgreSQL server on this machine."""


def programs() -> Path:
    """Where initdb and pg_ctl are: the newest of Debian's, else those on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise Unavailable("PostgreSQL is not installed: apt-get install postgresql")
    return Path(on_path).resolve().parent


def version() -> str:
    """Which server would be run, if there is one."""
    try:
        return str(programs())
    except Unavailable:
        return "none"


def folder() -> Path:
    """A folder for a run, in memory where there is room; a disk takes ten times as long to copy a database.

    What a run that was killed left there is taken away.
    """
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= ROOM
    ground = memory if roomy else Path("/tmp")
    for left in ground.glob("qingfeng-run-*-*"):
        if not Path("/proc", left.name.split("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"qingfeng-run-{os.getpid()}-", dir=ground))


class Cluster:
    """Listens on a socket in its own directory only, which none but its owner (and root) may enter.

    The directory lies apart from TMPDIR, whatever that says: the server's user must be able to reach it, and the
    path of a socket has room for some 100 characters.
    """

    def __init__(self) -> None:
        self.programs = programs()
        self.directory = folder()
        self.server: subprocess.Popen[bytes] | None = None
        # If the tests are killed, the server goes with them.
        self.prefix = ["setpriv", "--pdeathsig=QUIT"]
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root; Debian's package brings this user.
            shutil.chown(self.directory, "postgres", pwd.getpwnam("postgres").pw_gid)
            self.prefix += ["--reuid=postgres", "--regid=postgres", "--clear-groups"]

    @property
    def url(self) -> str:
        return f"postgresql://qingfeng@{quote(str(self.directory), safe='')}/postgres"

    def start(self) -> None:
        data = str(self.directory / "data")
        with self._run(
            "initdb", "-D", data, "-U", "qingfeng", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8"
        ) as made:
            if made.wait():
                raise RuntimeError(f"initdb failed: {self._said('initdb')}")
        self.resume()

    def give(self, archive: Path) -> None:
        """End the server in good order, and pack its data."""
        if self.server is not None:
            self.server.send_signal(signal.SIGINT)
            self.server.wait()
        subprocess.run(["tar", "-C", str(self.directory), "-cf", str(archive), "data"], check=True)

    def take(self, archive: Path) -> None:
        """Start on data that were packed."""
        subprocess.run(["tar", "-C", str(self.directory), "-xf", str(archive)], check=True)
        self.resume()

    def resume(self) -> None:
        """Start the server on the data that is there: at first, or again after it was killed."""
        data = str(self.directory / "data")
        options = ["-c", "listen_addresses=", "-c", "max_connections=200", "-k", str(self.directory)]
        self.server = self._run("postgres", "-D", data, *options)
        ready = [str(self.programs / "pg_isready"), "--quiet", "--host", str(self.directory)]
        deadline = time.monotonic() + 60
        while subprocess.run(ready).returncode:
            if self.server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {self._said('postgres')}")
            time.sleep(0.05)

    def kill(self) -> None:
        """End the server at once, as a loss of power would; the data stay."""
        if self.server is not None:
            self.server.send_signal(signal.SIGQUIT)
            self.server.wait()

    def stop(self) -> None:
        self.kill()
        shutil.rmtree(self.directory)

    def _run(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [*self.prefix, str(self.programs / program), *arguments]
        with (self.directory / f"{program}.out").open("wb") as out:
            return subprocess.Popen(command, cwd="/", stdin=subprocess.DEVNULL, stdout=out, stderr=out)

    def _said(self, program: str) -> str:
        return (self.directory / f"{program}.out").read_text(errors="replace")
