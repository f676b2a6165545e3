"""The log's API gives strangers what they need to check the books, and says clearly when there is nothing yet."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from sqlalchemy import text

from bountyhub.kit.database import transaction
from bountyhub.ledger.log import merkle, sealing, signing
from tests.pages.conftest import Pages


def ask(pages: Pages, path: str, status: int = 200) -> Any:
    answer = pages.stranger().get(f"/api/v1/ledger{path}")
    assert answer.status_code == status, answer.text
    return answer.json if answer.is_json else answer.text


def seal(batch: int = 500) -> None:
    with transaction() as session:
        sealing.seal(session, batch=batch)


@pytest.fixture
def sealed(pages: Pages) -> Pages:
    """Payments with their costs, sealed in two batches."""
    pages.world.pay(5000)
    pages.world.pay(2500)
    seal(batch=3)
    seal()
    return pages


def key(pages: Pages) -> signing.Verifier:
    return signing.Verifier.read(ask(pages, "/key")["key"])


def test_the_newest_checkpoint_is_a_signed_text(sealed: Pages) -> None:
    answer = sealed.stranger().get("/api/v1/ledger/checkpoint")
    assert answer.mimetype == "text/plain"
    told = signing.open_note(answer.text, [key(sealed).public])
    assert (told.origin, told.size) == ("127.0.0.1:8000/ledger", ask(sealed, "/checkpoints")["checkpoints"][-1]["size"])


def test_all_checkpoints_by_pages(sealed: Pages) -> None:
    first = ask(sealed, "/checkpoints?limit=1")
    assert first["next"] == "http://127.0.0.1:8000/api/v1/ledger/checkpoints?limit=1&after=3"
    second = ask(sealed, "/checkpoints?limit=2&after=3")
    assert [len(page["checkpoints"]) for page in (first, second)] == [1, 1]
    assert second["next"] is None


def test_every_entry_is_proven_and_one_history_leads_to_the_next(sealed: Pages) -> None:
    newest = signing.open_note(ask(sealed, "/checkpoint"), [key(sealed).public])
    found = ask(sealed, "/entries/1/proof")
    leaf, hashes = bytes.fromhex(found["leaf"]["hash"]), [bytes.fromhex(hash) for hash in found["hashes"]]
    assert merkle.is_included(leaf, found["leaf"]["number"], newest.size, hashes, newest.root)
    both = ask(sealed, "/consistency?from=3")
    roots = [bytes.fromhex(both[name]["root"]) for name in ("first", "second")]
    hashes = [bytes.fromhex(hash) for hash in both["hashes"]]
    assert merkle.is_consistent(3, newest.size, roots[0], roots[1], hashes) and roots[1] == newest.root
    assert ask(sealed, "/entries/1/proof?size=3")["size"] == 3


def test_a_proof_tells_nobody_who_paid(sealed: Pages) -> None:
    answer = sealed.stranger().get("/api/v1/ledger/entries/1/proof").text
    assert not any(word in answer for word in ("salt", "private", "actor", "refs", "txn_", "payment"))


def test_the_key_is_told(pages: Pages) -> None:
    told = ask(pages, "/key")
    assert base64.b64decode(told["public_key"]) == key(pages).public
    assert (told["algorithm"], told["former"]) == ("Ed25519", [])


def test_before_the_seal_it_says_when(pages: Pages) -> None:
    assert ask(pages, "/checkpoints") == {"checkpoints": [], "after": None, "next": None}
    assert "within a minute" in ask(pages, "/checkpoint", 404)["error"]["advice"]
    pages.world.pay(5000)
    told = ask(pages, "/entries/1/proof", 409)["error"]
    assert told["code"] == "not_sealed_yet" and "within a minute" in told["advice"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/entries/999/proof", 404, "not_found"),
        (f"/entries/{10**30}/proof", 404, "not_found"),
        ("/entries/4/proof?size=3", 404, "not_found"),
        ("/entries/1/proof?size=2", 404, "not_found"),
        ("/entries/1/proof?size=x", 400, "bad_filter"),
        ("/consistency", 400, "bad_filter"),
        ("/consistency?from=0", 404, "not_found"),
        ("/consistency?from=3&to=99999", 404, "not_found"),
        ("/consistency?from=" + "9" * 40, 400, "bad_filter"),
        ("/checkpoints?limit=0", 400, "bad_filter"),
        ("/checkpoints?limit=101", 400, "bad_filter"),
        ("/checkpoints?after=-1", 400, "bad_filter"),
    ],
)
def test_what_is_not_there_is_said(sealed: Pages, path: str, status: int, code: str) -> None:
    assert ask(sealed, path, status)["error"]["code"] == code


def test_a_proof_takes_few_queries(sealed: Pages) -> None:
    assert sealed.count(sealed.stranger(), "/api/v1/ledger/entries/1/proof") <= 8
    assert sealed.count(sealed.stranger(), "/api/v1/ledger/consistency?from=3") <= 6


def test_a_log_that_lost_a_leaf_says_that_it_is_damaged(sealed: Pages) -> None:
    with transaction() as session:
        session.execute(text("DROP TRIGGER ledger_leaf_no_delete"))
        session.execute(text("DELETE FROM ledger_leaf WHERE number = 3"))
    for path in ("/consistency?from=3", "/entries/1/proof"):
        told = ask(sealed, path, 503)["error"]
        assert (told["code"], told["message"]) == ("log_damaged", "The log is damaged: leaf 3 is missing.")
