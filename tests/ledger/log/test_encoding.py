"""One entry, one text: what leaves are made of is pinned, and no two entries have the same."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bountyhub.ledger.log import encoding
from bountyhub.ledger.log.encoding import Body, BodyLine, NotSealed, PrivatePart, commitment, encode

AT = datetime(2026, 3, 1, 12, 0, 3, 141592, tzinfo=UTC)
ENTRY = Body(
    id=1, kind="captured", currency="EUR", effective_at=AT.replace(second=0, microsecond=0), recorded_at=AT,
    reverses=None,
    lines=(BodyLine("clearing", 5275, 5275), BodyLine("escrow/c7k2", -5275, -5275)), details="06f3",
)  # fmt: skip
TEXT = """bountyhub ledger entry v1
id: 1
kind: captured
currency: EUR
effective_at: 2026-03-01T12:00:00.000000Z
recorded_at: 2026-03-01T12:00:03.141592Z
reverses: none
line: clearing 5275 5275
line: escrow/c7k2 -5275 -5275
details: 06f3
"""
words = st.text(max_size=20)


def test_the_text_of_an_entry_never_changes() -> None:
    assert encode(ENTRY).decode() == TEXT
    assert encode(replace(ENTRY, reverses=7)).decode() == TEXT.replace("none", "7")


def test_a_moment_is_the_same_in_every_zone() -> None:
    east = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert encode(replace(ENTRY, recorded_at=east)) == encode(ENTRY)


@pytest.mark.parametrize("account", ["escrow/c1 1 1\nline: x", "a b", "", "é", "a\n"])
def test_a_word_that_could_be_read_as_two_is_refused(account: str) -> None:
    with pytest.raises(ValueError, match="can't be encoded"):
        encode(replace(ENTRY, lines=(BodyLine(account, 1, 1),)))


def test_an_entry_without_its_commitment_has_no_text_yet() -> None:
    with pytest.raises(NotSealed):
        encode(replace(ENTRY, details=None))


@settings(max_examples=40)
@given(words, words, words, st.dictionaries(words, words, max_size=3), st.none() | words)
def test_the_private_part_is_plain_json(
    key: str, digest: str, actor: str, refs: dict[str, str], outside: str | None
) -> None:  # fmt: skip
    salt = b"s" * 32
    parts = {"key": key, "digest": digest, "actor": actor, "refs": refs, "outside_id": outside}
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    known = hashlib.sha256(salt + text.encode()).hexdigest()
    assert commitment(salt, PrivatePart(key, digest, actor, refs, outside)) == known
    assert commitment(b"t" * 32, PrivatePart(key, digest, actor, refs, outside)) != known


def test_each_word_of_the_body_is_one() -> None:
    assert encoding.WORD.fullmatch("escrow/c7k2") and not encoding.WORD.fullmatch("c7k2\n")
