"""What the crash program prints, and when it ends with 1."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash import __main__ as program
from tests.crash import figures
from tests.crash.figures import Figures
from tests.crash.scenario import PHASES

OUTBOX, CALL = "commit.after:events.outbox.claim:9", "call.after:stripe.create_transfer:2"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "FOLDER", tmp_path)
    for engine in program.ENGINES:
        for phase in PHASES:
            figures.write(Figures(engine, phase, points=10, kills=10))


def test_all_killed_and_nothing_broken_is_well() -> None:
    assert program.main() == 0


def test_a_point_that_was_never_killed_fails(capsys: pytest.CaptureFixture[str]) -> None:
    figures.write(Figures("SQLite", "pay", points=10, kills=9, elusive=[CALL]))
    assert program.main() == 1
    assert f"not killed, pay at {CALL}: NO REASON" in capsys.readouterr().out


def test_an_excused_point_is_named_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    figures.write(Figures("SQLite", "pay", points=10, kills=9, elusive=[OUTBOX]))
    assert program.main() == 0
    assert f"not killed, pay at {OUTBOX}: how often the outbox" in capsys.readouterr().out


def test_what_was_lost_fails() -> None:
    figures.write(Figures("SQLite", "pay", points=10, kills=10, broken={CALL: ["lost mail"]}))
    assert program.main() == 1
