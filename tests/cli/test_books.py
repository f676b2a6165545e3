"""`bountyhub ledger verify` and `export`: what they print, where they write, how they end."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select, text

from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import treasury
from bountyhub.ledger.log.models import CheckpointRow
from tests.builders.world import World
from tests.cli.conftest import Command
from tests.ledger.log.books import seal_all


def test_sound_books_are_said_to_be_sound(world: World, command: Command) -> None:
    world.pay()
    result = command("ledger", "verify")
    assert result.exit_code == 0
    assert result.output.endswith(": sound.\n")
    told = json.loads(command("ledger", "verify", "--json").output)
    assert (told["sound"], told["problems"]) == (True, [])
    assert told["entries"] >= 2


def test_own_funds_below_zero_are_a_warning_and_the_status_stays_0(world: World, command: Command) -> None:
    with transaction() as session:
        treasury.paid_out(
            session, amount=10**9, currency="EUR", outside_id="txn_all", effective_at=clock.now(), actor="operator"
        )
    said = "own funds are -"
    result = command("ledger", "verify")
    assert result.exit_code == 0
    assert any(line.startswith(f"warning: {said}") for line in result.output.splitlines())
    (warning,) = json.loads(command("ledger", "verify", "--json").output)["warnings"]
    assert warning.startswith(said)


def test_tampered_books_are_told_and_end_with_status_1(world: World, command: Command) -> None:
    world.pay()
    with transaction() as session:
        for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(text("UPDATE ledger_line SET amount = amount + 1 WHERE id = (SELECT max(id) FROM ledger_line)"))
    result = command("ledger", "verify", "--json")
    assert (result.exit_code, json.loads(result.output)["sound"]) == (1, False)
    assert "problems" in command("ledger", "verify").output


def test_progress_is_for_terminals_only(world: World, command: Command) -> None:
    assert command("ledger", "verify").stderr == ""
    assert command("ledger", "verify", "--quiet").exit_code == 0


def test_the_books_are_exported_to_the_terminal_or_into_a_file(world: World, command: Command, tmp_path: Path) -> None:
    world.pay()
    there = tmp_path / "books.csv"
    printed = command("ledger", "export")
    assert printed.exit_code == 0
    assert printed.output.startswith("entry,kind,effective_at,")
    assert command("ledger", "export", "--out", there).output == ""
    assert there.read_text() == printed.output
    assert command("ledger", "export", "--format", "beancount").output.startswith('option "title" "bountyhub"')


def test_a_file_that_can_not_be_written_is_said(world: World, command: Command, tmp_path: Path) -> None:
    result = command("ledger", "export", "--out", tmp_path / "nowhere" / "books.csv")
    assert result.exit_code == 2
    assert "can't be written: No such file or directory" in result.stderr
    assert list(tmp_path.glob("**/*.unfinished")) == []


def test_a_kept_checkpoint_is_held_against_the_books(world: World, command: Command, tmp_path: Path) -> None:
    world.pay()
    seal_all()
    kept = tmp_path / "checkpoint"
    with reading() as session:
        kept.write_text(session.scalars(select(CheckpointRow.note)).one())
    assert command("ledger", "verify", "--against", kept).output.endswith(": sound.\n")
    kept.write_text(kept.read_text().replace("\n", "\n1", 1))
    result = command("ledger", "verify", "--against", kept)
    assert result.exit_code == 1
    assert "the checkpoint speaks against these books: " in result.output


def test_a_checkpoint_that_is_not_there_is_said(command: Command, tmp_path: Path) -> None:
    result = command("ledger", "verify", "--against", tmp_path / "nowhere")
    assert (result.exit_code, "Name the file you kept." in result.stderr) == (2, True)
