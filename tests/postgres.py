"""A PostgreSQL cluster of the tests' own: made when they begin, gone when they end."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote


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


class Cluster:
    """Listens on a socket in its own directory only, which none but its owner (and root) may enter.

    The directory lies in /tmp whatever TMPDIR says: the server's user must be able to reach it, and the
    path of a socket has room for some 100 characters.
    """

    def __init__(self) -> None:
        self.programs = programs()
        self.directory = Path(tempfile.mkdtemp(prefix="qingfeng-pg-", dir="/tmp"))
        self.as_user: Sequence[str] = ()
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root; Debian's package brings this user.
            shutil.chown(self.directory, "postgres", pwd.getpwnam("postgres").pw_gid)
            self.as_user = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--")

    @property
    def url(self) -> str:
        return f"postgresql://qingfeng@{quote(str(self.directory), safe='')}/postgres"

    def start(self) -> None:
        data = str(self.directory / "data")
        self._run(
            "initdb", "-D", data, "-U", "qingfeng", "--auth=trust", "--locale=C.UTF-8", "--encoding=UTF8"
        )
        options = f"-c listen_addresses='' -c max_connections=200 -k {self.directory}"
        self._run("pg_ctl", "-D", data, "-w", "-l", str(self.directory / "log"), "-o", options, "start")

    def stop(self) -> None:
        data = self.directory / "data"
        if (data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.directory)

    def _run(self, program: str, *arguments: str) -> None:
        # To a file, not a pipe: the server that pg_ctl leaves behind would hold a pipe open.
        said = self.directory / f"{program}.out"
        command = [*self.as_user, str(self.programs / program), *arguments]
        with said.open("w") as out:
            code = subprocess.run(
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=out, stderr=out
            ).returncode
        if code:
            raise RuntimeError(f"{program} failed: {said.read_text()}")
