"""An entry as bytes, the same for everybody: what the log's leaves are made of. Pure; see docs/proofs.md.

The public body can be shown to anybody. What it must not tell (key, digest, actor, references, the processor's id) is
in it as a commitment: the SHA-256 of a salt and the private part. Without the salt nobody can tell what was committed
to, not even by trying, so a person is forgotten by deleting it while leaf and proofs stay.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bountyhub.kit.errors import Conflict

VERSION = "bountyhub ledger entry v1"
#: What a word of the body is made of: nothing that could be taken for the body's own spaces and line ends.
WORD = re.compile(r"[A-Za-z0-9_.:@/-]+", re.ASCII)
LINE = "\nline: "

_quoted = json.encoder.encode_basestring_ascii


class NotSealed(Conflict):
    """The entry is in the books and not yet in the log."""

    code = "not_sealed_yet"
    advice = "New entries are sealed within a minute: ask again then."


@dataclass(frozen=True)
class BodyLine:
    """One account's part: the amount is signed (+ debit, − credit), minor units."""

    account: str
    amount: int
    balance_after: int


@dataclass(frozen=True)
class Body:
    """What anybody may know of an entry; `details` is None until it is sealed."""

    id: int
    kind: str
    currency: str
    effective_at: datetime
    recorded_at: datetime
    reverses: int | None
    lines: tuple[BodyLine, ...]
    details: str | None


@dataclass(frozen=True)
class PrivatePart:
    """What the commitment hides."""

    key: str
    digest: str
    actor: str
    refs: Mapping[str, str]
    outside_id: str | None


def encode(entry: Body) -> bytes:
    """The public body; raises NotSealed, and ValueError for a word that could be read as something else."""
    if entry.details is None:
        raise NotSealed(f"Entry {entry.id} is not in the log yet.")
    words = (entry.kind, entry.currency, *(line.account for line in entry.lines))
    if strange := [word for word in words if not WORD.fullmatch(word)]:
        raise ValueError(f"{strange[0]!r} can't be encoded")
    lines = LINE.join(f"{line.account} {line.amount} {line.balance_after}" for line in entry.lines)
    moments = moment(entry.effective_at), moment(entry.recorded_at)
    return body(entry.id, entry.kind, entry.currency, *moments, entry.reverses, lines, entry.details)


def body(id: int, kind: str, currency: str, effective_at: str, recorded_at: str, reverses: int | None, lines: str,
         details: str) -> bytes:  # fmt: skip
    """The body of parts that were looked at before: lines as `account amount balance_after`, joined by LINE."""
    return (
        f"{VERSION}\nid: {id}\nkind: {kind}\ncurrency: {currency}\neffective_at: {effective_at}\n"
        f"recorded_at: {recorded_at}\nreverses: {'none' if reverses is None else reverses}{LINE}{lines}\n"
        f"details: {details}\n"
    ).encode()


def moment(value: datetime) -> str:
    """UTC with microseconds: 2026-03-01T12:00:00.000000Z."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def commitment(salt: bytes, private: PrivatePart) -> str:
    """Hex SHA-256 of the salt followed by the private part."""
    return commitment_of(salt, private.key, private.digest, private.actor, private.refs, private.outside_id)


def commitment_of(
    salt: bytes, key: str, digest: str, actor: str, refs: Mapping[str, str], outside_id: str | None
) -> str:
    """`commitment` of the bare parts: JSON with sorted names, no spaces, ASCII only."""
    # By hand: a million of these are made by every look at the whole log, and an encoder takes thrice the time.
    outside = "null" if outside_id is None else _quoted(outside_id)
    named = ",".join([f"{_quoted(name)}:{_quoted(refs[name])}" for name in sorted(refs)])
    text = (
        f'{{"actor":{_quoted(actor)},"digest":{_quoted(digest)},"key":{_quoted(key)},"outside_id":{outside},'
        f'"refs":{{{named}}}}}'
    )
    return hashlib.sha256(salt + text.encode()).hexdigest()
