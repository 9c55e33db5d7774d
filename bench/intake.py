"""Many messages taken in while clerks go on acting: ``python -m bench.intake [--rows 50000]``.

On SQLite and on PostgreSQL two clerks open problem sheets, one after the other with a breath between, first
alone and then while the worker takes a file of messages in. Limit: the 95th percentile of their acts grows by
at most a quarter of a second. Printed besides: both percentiles, the longest act, and what the import took;
every row must be stored or named.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import time

from bench import figures, ground
from bench.likeness import made

GROWS = 0.25
BREATH = 0.05
ALONE = 20

HEADS = ("编号", "来电人", "标题", "来电时间", "内容")


def clerk(name: str, seconds: float) -> None:
    """In a process of its own: open sheets until the time is up or the standard input ends; how long each act took."""
    import select

    ground.join()
    from qingfeng.kernel.acts.engine import perform, provider

    actor, act = ground.actor(name), provider("problem.found")
    raw = {
        "title": "窗口上午无人值守",
        "kind": "inaction",
        "topic": "not_acting",
        "description": "上午十点，二号窗口无人。",
    }
    perform(act, actor, raw, ground.NOW)
    print("ready", flush=True)
    took: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until and not select.select([sys.stdin], [], [], BREATH)[0]:
        began = time.perf_counter()
        perform(act, actor, raw, ground.NOW)
        took.append(time.perf_counter() - began)
    print(json.dumps(took), flush=True)


class Clerks:
    """Two clerks at work, from the moment both are ready until they are told to stop."""

    def __init__(self, seconds: float) -> None:
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-m", "bench.intake", "--clerk", name, "--seconds", str(seconds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for name in ("office0", "office1")
        ]
        for process in self.processes:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"

    def took(self, stop: bool) -> list[float]:
        """What each act took; they are told to stop, or have their time out."""
        found: list[float] = []
        for process in self.processes:
            assert process.stdin is not None
            assert process.stdout is not None
            if stop:
                process.stdin.write("stop\n")
                process.stdin.flush()
            found += json.loads(process.stdout.readline())
            process.communicate()
        return found


def file_of(rows: int) -> bytes:
    """A .csv of so many made-up messages."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADS)
    for number, said in enumerate(made(rows), start=1):
        day = "不详" if number % 1000 == 0 else f"2026/{number % 10 + 1}/{number % 28 + 1} 9:{number % 60:02}"
        writer.writerow([number, f"甲{number}", said[:20], day, said])
    return text.getvalue().encode()


def taken_in(content: bytes) -> tuple[int, float, int, int]:
    """The worker's part: the file handed in and taken in; its id, the seconds, and the rows read and unread."""
    from io import BytesIO

    from qingfeng.kernel.acts.engine import perform
    from qingfeng.kernel.attachments.intake import receive
    from qingfeng.kernel.background.worker import BREATH_SECONDS
    from qingfeng.kernel.matters.registry import acts_of
    from qingfeng.kernel.people.models import Account, Jurisdiction
    from qingfeng.mechanisms.voice.intake.import_jobs import go_on
    from qingfeng.mechanisms.voice.intake.models import Batch

    actor, acts = ground.actor("clerk01"), acts_of(Batch)
    account = Account.objects.get(username="clerk01")
    began = time.perf_counter()
    file = receive(BytesIO(content), "热线.csv", account, Jurisdiction.objects.get(), ground.NOW)
    raw = {"file": [str(file.pk)], "source": "热线", "origin": "hotline"}
    batch = perform(acts["receive"], actor, raw, ground.NOW).matter
    perform(acts["take_in"], actor, {}, ground.NOW, matter_id=batch.pk)
    while Batch.objects.filter(pk=batch.pk, state="taking_in").exists():
        beat = time.perf_counter()
        go_on(ground.NOW)
        # The worker rests as long as the piece took.
        time.sleep(max(BREATH_SECONDS, time.perf_counter() - beat))
    stored = time.perf_counter() - began
    done = Batch.objects.get(pk=batch.pk)
    while go_on(ground.NOW):
        pass
    assert done.messages.count() + done.unread_rows.count() == done.rows == done.read + done.unread
    return batch.pk, stored, done.read, done.unread


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    parser.add_argument("--clerk", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=ALONE, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.clerk:
        clerk(given.clerk, given.seconds)
        return
    if given.database is None:
        # Settings are read once a process, so each database has one of its own.
        command = [sys.executable, "-m", "bench.intake", "--rows", str(given.rows), "--database"]
        codes = [
            subprocess.run([*command, name], check=False).returncode for name in ("sqlite", "postgresql")
        ]
        raise SystemExit(max(codes))
    figures.machine()
    verdict = figures.Verdict()
    with ground.laid(given.database):
        os.environ["PYTHONPATH"] = f"{ground.ROOT / 'src'}:{ground.ROOT}"
        without = Clerks(ALONE).took(stop=False)
        clerks = Clerks(3600)
        _pk, seconds, read, unread = taken_in(file_of(given.rows))
        during = clerks.took(stop=True)
    print(f"{given.database}: {given.rows:,} rows in {seconds:.0f} s, {read:,} read, {unread} unread")
    for name, took in (("without", without), ("with", during)):
        said = f"p95 {1000 * figures.p95(took):.0f} ms, longest {1000 * max(took):.0f} ms"
        print(f"  clerks {name} an import: {len(took)} acts, {said}", flush=True)
    verdict.most(f"{given.database}, p95 grows by seconds", figures.p95(during) - figures.p95(without), GROWS)
    verdict.leave()


if __name__ == "__main__":
    main()
