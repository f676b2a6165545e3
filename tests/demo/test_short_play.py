"""The main loop and one withdrawal on an instance of its own; each planted fault is noticed by the check meant for it.

The whole play is in `test_whole_play`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bountyhub.cli.demo import checks
from bountyhub.cli.demo.checks import Check
from bountyhub.cli.demo.instance import running
from bountyhub.cli.demo.run import STORIES, plant, play
from bountyhub.cli.demo.scenes import endings, kept, late, windows, withdrawals
from bountyhub.cli.demo.scenes.loop import main_loop
from bountyhub.cli.demo.scenes.withdrawals import at_once
from bountyhub.cli.demo.script import Script
from bountyhub.cli.demo.stage import Stage
from tests.sums import balances

CLEARING = "the ledger's clearing is the sum of the processor's balance transactions"
NOTICED = {
    "cent-off": "each payment is at the processor exactly once",
    "lost-transfer": "each transfer is at the processor exactly once",
    "double-refund": "each refund is at the processor exactly once",
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The play is over, and all it caused is done."""
    with running(tmp_path_factory.mktemp("demo") / "instance") as instance:
        made = Stage(instance, Script(print))
        play(made, (main_loop, at_once))
        checks.wait_until_handled(made)
        yield made


def broken(found: list[Check]) -> set[str]:
    return {check.name for check in found if not check.holds}


def test_a_refund_to_another_backer_is_noticed_though_the_sum_is_right(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage.script, "returned", Counter({("dara@example.test", 1075): 1}))
    (said,) = [check.problems for check in checks.examine(stage)[1] if check.name.startswith("everybody has")]
    assert said == [
        "1075 should have gone back to dara@example.test, and didn't",
        "1075 went back to cleo@example.test, and shouldn't have",
    ]


def test_books_processor_and_play_agree_until_a_fault_is_planted(stage: Stage) -> None:
    sums, found = checks.examine(stage)
    assert [check.problems for check in found] == [[]] * len(found)
    assert sums["balance"] == balances(str(stage.instance.sandbox_file))
    assert len(sums["transfers"]) == 2
    noticed: set[str] = set()
    for fault, check in NOTICED.items():
        plant(stage, fault)
        now = broken(checks.examine(stage)[1])
        assert now - noticed >= {check}, fault
        assert CLEARING in now
        noticed = now


def test_every_way_back_is_played() -> None:
    ways = {
        withdrawals.at_once, withdrawals.young_beside_a_pull, withdrawals.by_notice, withdrawals.notice_loses,
        withdrawals.life_over, endings.cancelled_at_once, endings.cancelled_in_two_weeks,
        endings.cancelled_beside_a_late_claim, windows.quiet, windows.objection_withdrawn,
        windows.overruled_by_decider, windows.upheld_by_decider, windows.released_by_operator,
        windows.refused_by_operator, windows.facts_closed, windows.facts_open, late.confirmed, late.lapsed,
        kept.kept_then_paid, kept.kept_then_returned,
    }  # fmt: skip
    assert ways <= set(STORIES)


def test_the_play_names_its_steps_and_measures_the_release(stage: Stage) -> None:
    assert [step.story for step in stage.script.steps][-1] == "withdrawal"
    assert len(stage.script.releases) == 1


def test_a_single_slow_release_is_noticed() -> None:
    assert checks.quick(Script(print, releases=[0.2, 1.1, 0.3])).holds
    assert checks.quick(Script(print, releases=[0.2, 9.0, 0.3])).problems == ["one took 9.0 s"]
    assert not checks.quick(Script(print)).holds


def test_an_instance_starts_in_an_empty_folder_only(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("something")
    with pytest.raises(Exception, match="is not empty"), running(tmp_path):
        pass
