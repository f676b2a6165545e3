"""Whoever changes history behind the guards' back is found: by the check, by a kept checkpoint, by a proof."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bountyhub import settings
from bountyhub.kit.database import reading
from bountyhub.ledger.log import check, merkle, receipt, store
from bountyhub.ledger.log.signing import Signer, derived_key
from bountyhub.ledger.verify import verify
from tests.builders.settings import play_settings
from tests.ledger.books import example_a, release_all
from tests.ledger.log.books import book, seal_all
from tests.ledger.test_verify import unguarded

pytestmark = pytest.mark.usefixtures("owned")


def sealed_books() -> None:
    """The worked example and some more, in several batches."""
    example_a()
    release_all({"s1": 50, "s2": 30, "s3": 20}, holdback_percent=10)
    book(14)
    seal_all(batch=9)


def behind_the_guards(*statements: str) -> None:
    with unguarded() as connection:
        for statement in statements:
            connection.execute(text(statement))


def problems() -> list[str]:
    with reading() as session:
        return [f"{where} {what}" for where, what in check.problems(session)]


def newest() -> str:
    with reading() as session:
        return store.checkpoint(session).note


def against(note: str) -> list[str]:
    with reading() as session:
        return check.against(session, note)


def test_a_sound_log_has_no_problem() -> None:
    assert problems() == []
    sealed_books()
    assert problems() == [] == against(newest())


#: Each is done to another entry: {} is its id.
CHANGES = (
    "UPDATE ledger_line SET amount = amount + 1 WHERE entry_id = {} AND amount < 0",
    "UPDATE ledger_line SET balance_after = 7 WHERE entry_id = {} AND amount < 0",
    "DELETE FROM ledger_line WHERE entry_id = {}",
    "UPDATE ledger_entry SET kind = 'gift' WHERE id = {}",
    "UPDATE ledger_entry SET effective_at = (SELECT max(recorded_at) FROM ledger_entry) WHERE id = {}",
    "UPDATE ledger_entry SET reverses = 1 WHERE id = {}",
)
PRIVATE_CHANGES = ("key = 'k'", "actor = 'me'", "outside_id = 'txn'", 'refs = \'{"a": "b"}\'')


def test_each_change_of_the_books_is_named_by_its_entry() -> None:
    sealed_books()
    behind_the_guards(*(statement.format(id) for id, statement in enumerate(CHANGES, 3)))
    said = "was changed after it was sealed: kind, times, what it reverses or lines"
    assert problems() == [f"entry {id} {said}" for id in range(3, 3 + len(CHANGES))]


def test_each_change_of_the_private_part_is_named_by_its_entry() -> None:
    sealed_books()
    behind_the_guards(
        *(f"UPDATE ledger_entry SET {change} WHERE id = {id}" for id, change in enumerate(PRIVATE_CHANGES, 3))
    )
    said = "was changed after it was sealed: key, digest, actor, references or outside id"
    assert problems() == [f"entry {id} {said}" for id in range(3, 3 + len(PRIVATE_CHANGES))]


def test_without_its_salt_an_entry_is_sound_and_still_bound_to_its_public_part() -> None:
    sealed_books()
    note = newest()
    behind_the_guards("DELETE FROM ledger_salt WHERE entry_id = 3")
    assert problems() == [] == against(note)
    behind_the_guards("UPDATE ledger_line SET amount = amount + 1 WHERE entry_id = 3")
    assert len(problems()) == 1


def test_verify_looks_at_the_log_too() -> None:
    sealed_books()
    behind_the_guards("UPDATE ledger_entry SET actor = 'me' WHERE id = 3")
    with reading() as session:
        (problem,) = verify(session).problems
    assert str(problem).startswith("entry 3 was changed after it was sealed: key")
    assert problem.check == "the log holds every entry as it was sealed"


def test_a_removed_entry_is_named() -> None:
    sealed_books()
    behind_the_guards("DELETE FROM ledger_line WHERE entry_id = 3", "DELETE FROM ledger_entry WHERE id = 3")
    assert problems() == ["entry 3 is in the log as leaf 2 and not in the books"]


def test_a_removed_leaf_is_named_and_breaks_every_older_checkpoint() -> None:
    sealed_books()
    with reading() as session:
        old, new = store.checkpoint(session, 9), store.checkpoint(session)
    behind_the_guards("DELETE FROM ledger_leaf WHERE number = 3")
    found = problems()
    assert found[0] == "leaf 3 is missing from the log"
    assert "checkpoint 9 was signed for another history: leaves up to there were changed" in found
    assert against(old.note) != []
    behind_the_guards("UPDATE ledger_leaf SET number = -number WHERE number > 3",
                      "UPDATE ledger_leaf SET number = -number - 1 WHERE number < 0")  # fmt: skip
    assert against(old.note) == ["history was changed: the first 9 entries are not those that were told"]
    assert against(new.note) == ["history was cut: it was of 21 entries, and only 20 are left"]


def test_after_a_leaf_was_removed_there_is_no_proof_over_it() -> None:
    sealed_books()
    behind_the_guards("DELETE FROM ledger_leaf WHERE number = 20")
    with reading() as session:
        with pytest.raises(store.LogDamaged, match="leaf 20 is missing"):
            store.consistency(session, 9)
        with pytest.raises(store.LogDamaged, match="leaf 20 is missing"):
            receipt.proven(session, 3)


def test_after_a_leaf_was_removed_and_the_gap_was_closed_no_proof_leads_to_what_was_told() -> None:
    sealed_books()
    with reading() as session:
        old, new = store.checkpoint(session, 9), store.checkpoint(session, 18)
    behind_the_guards("DELETE FROM ledger_leaf WHERE number = 3",
                      "UPDATE ledger_leaf SET number = -number WHERE number > 3",
                      "UPDATE ledger_leaf SET number = -number - 1 WHERE number < 0")  # fmt: skip
    with reading() as session:
        proof = store.consistency(session, 9, 18).proof
        given = receipt.proven(session, 8, 18)
    assert not merkle.is_consistent(9, 18, old.root, new.root, proof)
    hashes = [bytes.fromhex(hash) for hash in given["hashes"]]
    leaf = bytes.fromhex(given["leaf"]["hash"])
    assert not merkle.is_included(leaf, given["leaf"]["number"], 18, hashes, new.root)


def test_an_entry_that_was_removed_is_not_proven() -> None:
    sealed_books()
    behind_the_guards("DELETE FROM ledger_line WHERE entry_id = 3", "DELETE FROM ledger_entry WHERE id = 3")
    with reading() as session, pytest.raises(store.LogDamaged, match="entry 3 is in it and not in the books"):
        receipt.proven(session, 3)


def test_a_history_written_anew_with_its_key_is_not_the_one_that_was_told() -> None:
    """Who owns database and key can sign other books: what others kept of the first ones convicts them."""
    sealed_books()
    with reading() as session:
        old = store.checkpoint(session)
    behind_the_guards(
        "UPDATE ledger_line SET amount = amount * 2, balance_after = balance_after * 2 WHERE entry_id = 20",
        "DELETE FROM ledger_checkpoint", "DELETE FROM ledger_node", "DELETE FROM ledger_leaf",
        "DELETE FROM ledger_salt",
    )  # fmt: skip
    seal_all()
    book(3, begin=50)
    seal_all()
    assert problems() == []
    assert against(old.note) == ["history was changed: the first 21 entries are not those that were told"]
    with reading() as session:
        proof = store.consistency(session, 21)
    roots = old.root, proof.second.root
    assert not merkle.is_consistent(21, 24, *roots, proof.proof)


def test_a_kept_hash_that_was_changed_is_named() -> None:
    sealed_books()
    behind_the_guards("UPDATE ledger_node SET hash = (SELECT hash FROM ledger_leaf WHERE number = 0)")
    assert problems() == ["node 0 of level 1 of the log is missing or not the hash over its leaves"]


def test_a_checkpoint_that_was_changed_or_signed_by_somebody_else_is_named() -> None:
    sealed_books()
    forged = Signer("127.0.0.1:8000/ledger", derived_key("x" * 40)).note(9, b"x" * 32)
    behind_the_guards(
        f"UPDATE ledger_checkpoint SET note = '{forged}' WHERE size = 9",
        "UPDATE ledger_checkpoint SET root = (SELECT root FROM ledger_checkpoint WHERE size = 9) WHERE size = 18",
    )
    assert problems() == [
        "checkpoint 9 can't be believed: This checkpoint is not signed by this log's key.",
        "checkpoint 18 is not what its signed text says",
        "checkpoint 18 was signed for another history: leaves up to there were changed",
    ]


def test_a_word_that_could_be_read_as_two_is_named() -> None:
    sealed_books()
    behind_the_guards("UPDATE ledger_account SET path = 'escrow/c 1' WHERE path = 'escrow/c1'")
    assert any("is called 'escrow/c 1', which can't be encoded" in problem for problem in problems())


def test_a_former_key_is_believed_when_it_is_named() -> None:
    sealed_books()
    note, key = newest(), str(Signer("127.0.0.1:8000/ledger", derived_key("k" * 40)).verifier)
    settings.use(play_settings(SECRET_KEY="another secret of forty characters, or so"))
    assert len(problems()) == 3 and against(note) == ["This checkpoint is not signed by this log's key."]
    settings.use(play_settings(SECRET_KEY="another secret of forty characters, or so", LEDGER_FORMER_KEYS=key))
    assert problems() == [] == against(note)
