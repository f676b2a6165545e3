"""A receipt proves its entry to somebody who has nothing but the file and the key; a changed one proves nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from bountyhub import settings
from bountyhub.cli import main
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger.log import keys, receipt, signing
from bountyhub.ledger.log.encoding import NotSealed
from tests.builders.settings import play_settings
from tests.ledger.books import example_a
from tests.ledger.log.books import book, seal_all

DOCS = Path(__file__).parents[3] / "docs" / "proofs.md"
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def kept(sqlite: str) -> dict[str, Any]:
    """The receipt of the worked example's first payment, among some more entries."""
    assert sqlite
    example_a()
    book(20)
    seal_all(batch=8)
    with reading() as session:
        return receipt.receipt(session, 1)


def test_a_receipt_proves_its_entry(kept: dict[str, Any]) -> None:
    assert receipt.check(json.dumps(kept)) == []
    assert kept["private"]["refs"] == {"payment": "p-c1", "contribution": "c1"}
    assert kept["entry"]["lines"][0] == {"account": "clearing", "amount": 5275, "balance_after": 5275}


CHANGES: dict[str, tuple[Change, str]] = {
    "a line": (lambda r: r["entry"]["lines"][0].update(amount=9), "its hash differs"),
    "an account": (lambda r: r["entry"]["lines"][0].update(account="bank"), "its hash differs"),
    "a moment": (lambda r: r["entry"].update(recorded_at="2020-01-01T00:00:00Z"), "its hash differs"),
    "the actor": (lambda r: r["private"].update(actor="me"), "the private part is not the one"),
    "the salt": (lambda r: r.update(salt="00" * 32), "the private part is not the one"),
    "the place": (lambda r: r["leaf"].update(number=1), "does not lead to the signed root"),
    "a hash": (lambda r: r["hashes"].reverse(), "does not lead to the signed root"),
    "the size": (lambda r: r.update(checkpoint=r["checkpoint"].replace("\n26\n", "\n27\n")), "signature"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_receipt_proves_nothing(kept: dict[str, Any], name: str) -> None:
    change, said = CHANGES[name]
    change(kept)
    assert any(said in problem for problem in receipt.check(json.dumps(kept)))


def test_a_receipt_signed_by_somebody_else_does_not_stand_against_the_known_key(kept: dict[str, Any]) -> None:
    other = signing.Signer(keys.origin(), signing.derived_key("x" * 40))
    told = signing.read_note(kept["checkpoint"])
    kept |= {"checkpoint": other.note(told.size, told.root), "key": str(other.verifier)}
    assert receipt.check(json.dumps(kept)) == []
    known = str(keys.signer().verifier)
    assert receipt.check(json.dumps(kept), known) == ["This checkpoint is not signed by this log's key."]


def test_a_receipt_made_after_the_key_was_replaced_names_the_key_that_signed(kept: dict[str, Any]) -> None:
    settings.use(
        play_settings(
            DATABASE_URL=settings.current().DATABASE_URL, PUBLIC_URL="https://elsewhere.example.org",
            SECRET_KEY="another secret of forty characters, or so", LEDGER_FORMER_KEYS=kept["key"],
        )
    )  # fmt: skip
    with reading() as session:
        made = receipt.receipt(session, 1)
    assert made["key"] == kept["key"] != str(keys.signer().verifier)
    assert receipt.check(json.dumps(made)) == []


def test_without_its_salt_a_receipt_proves_the_public_part(kept: dict[str, Any]) -> None:
    with transaction() as session:
        session.execute(text("DELETE FROM ledger_salt WHERE entry_id = 1"))
    with reading() as session:
        left = receipt.receipt(session, 1)
    assert (left["private"], left["salt"], receipt.check(json.dumps(left))) == (None, None, [])
    assert receipt.check(json.dumps(kept)) == []  # what the backer downloaded before is theirs


@pytest.mark.usefixtures("sqlite")
def test_there_is_no_receipt_before_the_seal() -> None:
    example_a()
    with reading() as session, pytest.raises(NotSealed):
        receipt.receipt(session, 1)


@pytest.mark.parametrize("change", [
    lambda r: r.clear(), lambda r: r.update(format="x"), lambda r: r.update(hashes=["zz"]), lambda r: r.pop("entry"),
    lambda r: r["entry"].update(lines=7), lambda r: r["leaf"].update(number="x"), lambda r: r.update(checkpoint=None),
    lambda r: r["entry"]["lines"][0].update(account="a b"), lambda r: r.update(private=None),
])  # fmt: skip
def test_what_is_no_receipt_is_refused(kept: dict[str, Any], change: Change) -> None:
    change(kept)
    with pytest.raises(receipt.BadReceipt):
        receipt.check(json.dumps(kept))


def test_the_command_checks_a_file_without_any_settings(
    kept: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(kept))
    run = CliRunner().invoke(main, ["ledger", "check-receipt", str(path)])
    assert run.exit_code == 0 and "is entry 1 of the first 26" in run.output
    assert CliRunner().invoke(main, ["ledger", "check-receipt", str(path), "--key", "no key"]).exit_code == 2
    kept["entry"]["lines"][0]["amount"] += 1
    path.write_text(json.dumps(kept))
    assert CliRunner().invoke(main, ["ledger", "check-receipt", str(path)]).exit_code == 1
    path.write_text("nonsense")
    assert CliRunner().invoke(main, ["ledger", "check-receipt", str(path)]).exit_code == 2


def test_the_script_in_the_docs_checks_it_by_hand(kept: dict[str, Any], tmp_path: Path) -> None:
    script = next(part for part in DOCS.read_text().split("```python\n")[1:] if "receipt" in part).partition("```")[0]
    assert "bountyhub import" not in script
    path, key = tmp_path / "receipt.json", str(keys.signer().verifier)

    def told(receipt: dict[str, Any], key: str) -> int:
        path.write_text(json.dumps(receipt))
        return subprocess.run([sys.executable, "-c", script, str(path), key], cwd=tmp_path, check=False).returncode

    assert told(kept, key) == 0
    other = signing.Signer(keys.origin(), signing.derived_key("x" * 40))
    assert told(kept, str(other.verifier)) != 0
    kept["entry"]["lines"][0]["amount"] += 1
    assert told(kept, key) != 0
