"""Plays every story on one instance, moving time when all of them wait, then checks every cent and reports."""

from __future__ import annotations

import heapq
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from bountyhub.cli.demo import checks
from bountyhub.cli.demo.errors import DemoFailed
from bountyhub.cli.demo.instance import Instance, running
from bountyhub.cli.demo.scenes import endings, kept, late, loop, wanted, windows, withdrawals
from bountyhub.cli.demo.script import Script
from bountyhub.cli.demo.stage import Stage

Story = Callable[[Stage], Iterator[int]]
#: A story gives the days it waits; the first one brings everybody onto the stage.
STORIES: tuple[Story, ...] = (
    loop.main_loop,
    kept.kept_then_paid, kept.kept_then_returned,
    withdrawals.at_once, withdrawals.young_beside_a_pull, withdrawals.by_notice, withdrawals.notice_loses,
    withdrawals.life_over,
    endings.cancelled_at_once, endings.cancelled_in_two_weeks, endings.cancelled_beside_a_late_claim,
    windows.quiet, windows.objection_withdrawn, windows.overruled_by_decider, windows.upheld_by_decider,
    windows.released_by_operator, windows.refused_by_operator, windows.facts_closed, windows.facts_open,
    late.confirmed, late.lapsed,
    wanted.wanted,
)  # fmt: skip
#: `--break` → the sandbox's control that plants the fault.
FAULTS = {
    "lost-transfer": "stripe/lose_transfer",
    "double-refund": "stripe/double_refund",
    "cent-off": "stripe/cent_off",
}


def run(*, as_json: bool, keep: Path | None, fault: str | None) -> int:
    """Play and check; 0 when everything was as it should be."""
    began = time.perf_counter()
    script = Script((lambda line: None) if as_json else click.echo)
    report: dict[str, Any] = {
        "ok": False,
        "break": fault,
        "problem": None,
        "totals": {},
        "checks": [],
        "noticed_by": [],
    }
    try:
        with _folder(keep) as folder, running(folder) as instance:
            script.say(f"bountyhub runs at {instance.app_url}, its stand-ins at {instance.sandbox_url}")
            _play_and_check(instance, script, fault, report)
    except DemoFailed as failed:
        report["problem"] = str(failed)
        script.say(f"✗ {failed}")
    report["ok"] = report["problem"] is None and all(check["holds"] for check in report["checks"])
    report |= {"seconds": round(time.perf_counter() - began, 2), "release_seconds": script.releases}
    report["steps"] = [asdict(step) for step in script.steps]
    _conclude(script, report, as_json=as_json)
    return 0 if report["ok"] else 1


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """The named folder, or one that is gone afterwards."""
    if keep is not None:
        yield keep
        return
    made = Path(tempfile.mkdtemp(prefix="bountyhub-demo-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _play_and_check(instance: Instance, script: Script, fault: str | None, report: dict[str, Any]) -> None:
    stage = Stage(instance, script)
    play(stage, STORIES)
    checks.wait_until_handled(stage)
    if fault is not None:
        plant(stage, fault)
    sums, found = checks.examine(stage)
    found.append(checks.quick(script))
    for check in found:
        script.say(f"{'✓' if check.holds else '✗'} {check.name}" + "".join(f"\n    {each}" for each in check.problems))
    report["checks"] = [asdict(check) | {"holds": check.holds} for check in found]
    report["noticed_by"] = [check.name for check in found if not check.holds]
    report["totals"] = _totals(stage, sums)


def plant(stage: Stage, fault: str) -> None:
    """Make the payment sandbox's file wrong, as if money had been lost there."""
    stage.control(FAULTS[fault])
    stage.script.say(f"A fault is planted in the payment sandbox: {fault}")


def play(stage: Stage, stories: tuple[Story, ...]) -> None:
    """Take each story as far as it goes today; when all wait, move time to the first one's day."""
    waiting = [(0, number, story(stage)) for number, story in enumerate(stories)]
    while waiting:
        day, number, story = heapq.heappop(waiting)
        if day > stage.script.day:
            stage.move_to(day)
            stage.script.say(f"— day {day} —")
        days = next(story, None)
        if days is not None:
            heapq.heappush(waiting, (day + days, number, story))


def _totals(stage: Stage, sums: checks.Doc) -> dict[str, Any]:
    """Cents, as the separate script adds them up at the processor."""
    counts = {word: len(sums[word]) for word in ("payments", "refunds", "transfers")}
    charged, returned = (sum(each["amount"] for each in sums[word]) for word in ("payments", "refunds"))
    return {
        "charged": charged, "returned": returned, "paid": dict(sorted(stage.script.paid.items())),
        "balance": sums["balance"], "costs": sums["costs"], "counts": counts,
    }  # fmt: skip


def _conclude(script: Script, report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
        return
    if report["noticed_by"]:
        script.say("Noticed by: " + "; ".join(report["noticed_by"]))
    words = "everything as it should be" if report["ok"] else "NOT as it should be"
    script.say(f"{len(report['steps'])} steps in {report['seconds']} s: {words}.")
