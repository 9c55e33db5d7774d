"""Serving: web and worker of a county in one, or each apart for a city."""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import signal
import socket
import subprocess
import sys
import threading
import time

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.cli.maintenance import require_sound
from qingfeng.faces.cli.parser import Commands
from qingfeng.faces.cli.words import DONE, Trouble, tell
from qingfeng.kernel.background import worker
from qingfeng.kernel.sealing import custody
from qingfeng.kernel.time.timekeeper import SystemTime

THREADS = 4
"""Requests one process answers at once; below the number of connections it may hold."""
GRACE_SECONDS = 20
LONGEST_PAUSE_SECONDS = 60


def add(commands: Commands) -> None:
    """Hang the commands in."""
    web = commands.add("serve", serve, _("serve the site, with its worker beside it"))
    web.add_argument("--host", default="127.0.0.1", help=say("address to listen at (127.0.0.1)"))
    web.add_argument("--port", type=int, default=8000, help=say("port to listen at (8000)"))
    web.add_argument("--workers", type=int, default=2, help=say("processes that answer (2)"))
    web.add_argument(
        "--no-worker",
        action="store_true",
        help=say("leave time limits, mail and checkpoints to “qingfeng worker”"),
    )
    own = commands.add("worker", work, _("watch time limits, send what waits, seal the ledger"))
    own.add_argument("--once", action="store_true", help=say("do what is due now, then stop"))
    own.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)


def serve(given: argparse.Namespace) -> int:
    """Check everything, then listen until told to stop."""
    from granian.constants import Interfaces
    from granian.server import Server

    if not 1 <= given.port <= 65535 or not 1 <= given.workers <= 64:
        raise Trouble(_("A port is 1 to 65535; processes are 1 to 64."), _("Correct the number."))
    require_sound()
    _demand_free(given.host, given.port)
    # Forked children would hold copies of our database connections and of the worker's pipes.
    multiprocessing.set_start_method("spawn")
    beside = (
        None
        if given.no_worker
        else SupervisedProcess([sys.executable, "-m", "qingfeng.faces.cli", "worker", "--supervised"])
    )
    server = Server(
        "qingfeng.faces.wsgi:application",
        address=given.host,
        port=given.port,
        interface=Interfaces.WSGI,
        workers=given.workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
        log_dictconfig={"formatters": {"generic": settings.LOG_LINE, "access": settings.LOG_LINE}},
        websockets=False,
    )
    shown = f"[{given.host}]" if ":" in given.host else given.host
    tell(format_lazy(_("Qingfeng is served at {}; Ctrl+C stops it."), f"http://{shown}:{given.port}/"))
    try:
        if beside is not None:
            beside.start()
        server.serve()
    finally:
        if beside is not None:
            beside.stop()
    tell(_("Stopped."))
    return DONE


def _demand_free(host: str, port: int) -> None:
    """Try the address first: the server itself would answer a taken one with a panic of its own."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise Trouble(
                format_lazy(
                    _("Nothing can listen at {}: {}"), f"{host}:{port}", fault.strerror or str(fault)
                ),
                _("Choose another port with --port."),
            ) from None


def work(given: argparse.Namespace) -> int:
    """Do what falls due, minute by minute, until told to stop."""
    require_sound()
    # Noted and no more: a handler that took a lock would wait for ever for the thread it interrupts.
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: told.append(received))
    custody.erase_again()
    running = worker.Worker(SystemTime(), worker.duties())
    if given.once:
        running.catch_up()
        return DONE
    orphaned = worker.parent_gone() if given.supervised else bool
    running.run(threading.Event(), over=lambda: bool(told) or orphaned())
    gc.freeze()  # tidying up what is loaded would take the interpreter longer than the worker took to stop
    return DONE


class SupervisedProcess:
    """A process kept running beside this one: started again when it dies, stopped with this one."""

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher = threading.Thread(target=self._watch, name="worker-supervisor", daemon=True)
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start it and watch over it."""
        self._watcher.start()

    def stop(self) -> None:
        """End it and wait until it has gone."""
        with self._lock:
            self._stopping.set()
            process = self._process
            if process is not None and process.poll() is None:
                process.terminate()
        if process is not None:
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self._watcher.join(GRACE_SECONDS)

    @property
    def pid(self) -> int | None:
        """The process that runs now."""
        return self._process.pid if self._process is not None else None

    def _watch(self) -> None:
        pause = 1
        while True:
            began = time.monotonic()
            with self._lock:
                if self._stopping.is_set():
                    return
                # A session of its own: Ctrl+C reaches us alone, and we stop it in our turn.
                self._process = subprocess.Popen(
                    self.command, stdin=subprocess.DEVNULL, start_new_session=True
                )
            code = self._process.wait()
            if time.monotonic() - began > LONGEST_PAUSE_SECONDS:
                pause = 1
            if self._stopping.is_set():
                return
            tell(
                format_lazy(_("The worker ended ({}); it is started again in {} s."), code, pause), sys.stderr
            )
            if self._stopping.wait(pause):
                return
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
