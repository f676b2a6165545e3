"""A receipt: everything with which one entry can be proven without asking us, as JSON. Made for whose entry it is.

`check` needs no database and no settings: `bountyhub ledger check-receipt` calls it, docs/proofs.md has it by hand.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bountyhub.kit.errors import DomainError
from bountyhub.ledger.log import encoding, keys, merkle, signing, store
from bountyhub.ledger.log.encoding import Body, BodyLine, PrivatePart
from bountyhub.ledger.log.entries import body_of, private
from bountyhub.ledger.log.models import Salt
from bountyhub.ledger.log.store import LogDamaged
from bountyhub.ledger.models import Entry

FORMAT = "bountyhub receipt v1"
HASH_DIGITS = 2 * merkle.HASH_BYTES

Json = dict[str, Any]


class BadReceipt(DomainError):
    """A file that is no receipt."""

    status = 422
    code = "bad_receipt"
    advice = "Download it again from the contribution's page, and give the file as it came."


def proven(session: Session, entry: int, size: int | None = None) -> Json:
    """The public part of an entry and its proof; raises NotSealed, NotFound and LogDamaged."""
    found = store.inclusion(session, entry, size)
    public = body_of(session, entry)
    if public is None:
        raise LogDamaged(f"The log is damaged: entry {entry} is in it and not in the books.", entry=entry)
    return {
        "entry": as_json(public),
        "leaf": {"number": found.number, "hash": found.leaf.hex()},
        "size": found.checkpoint.size,
        "hashes": [hash.hex() for hash in found.proof],
        "checkpoint": found.checkpoint.note,
    }


def receipt(session: Session, entry: int) -> Json:
    """`proven`, what only the parties know of it, and the key that signed; raises NotSealed and LogDamaged."""
    made = proven(session, entry)
    salt = session.get(Salt, entry)
    hidden = private(session.get_one(Entry, entry))
    return {
        "format": FORMAT,
        **made,
        "private": {
            "key": hidden.key, "digest": hidden.digest, "actor": hidden.actor, "refs": dict(hidden.refs),
            "outside_id": hidden.outside_id,
        } if salt else None,
        "salt": salt.salt.hex() if salt else None,
        "key": str(signing.who_signed(made["checkpoint"], keys.believed()) or keys.signer().verifier),
    }  # fmt: skip


def as_json(entry: Body) -> Json:
    """The public part of an entry, of which `encode` makes its leaf."""
    return {
        "id": entry.id, "kind": entry.kind, "currency": entry.currency,
        "effective_at": encoding.moment(entry.effective_at), "recorded_at": encoding.moment(entry.recorded_at),
        "reverses": entry.reverses,
        "lines": [
            {"account": line.account, "amount": line.amount, "balance_after": line.balance_after}
            for line in entry.lines
        ],
        "details": entry.details,
    }  # fmt: skip


def check(text: str, key: str | None = None) -> list[str]:
    """What is wrong with a receipt, nothing when it proves its entry; raises BadReceipt and BadKey.

    `key`: the verifier key as known from elsewhere; without it the receipt's own is believed.
    """
    try:
        given = json.loads(text)
        if given["format"] != FORMAT:
            raise ValueError(FORMAT)
        return list(_wrong(given, signing.Verifier.read(key or str(given["key"]))))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise BadReceipt("This is no receipt of bountyhub's books.") from None


def _wrong(given: Json, key: signing.Verifier) -> list[str]:
    wrong = []
    entry = _entry(given["entry"])
    if given["salt"] is not None and encoding.commitment(_bytes(given["salt"]), _private(given)) != entry.details:
        wrong.append("the private part is not the one that was sealed")
    leaf = merkle.leaf_hash(encoding.encode(entry))
    if leaf.hex() != given["leaf"]["hash"]:
        wrong.append("the entry is not the one that was sealed: its hash differs")
    try:
        told = signing.open_note(given["checkpoint"], [key.public])
    except signing.BadNote as error:
        return [*wrong, error.message]
    proof = [_bytes(hash) for hash in given["hashes"]]
    if not merkle.is_included(leaf, int(given["leaf"]["number"]), told.size, proof, told.root):
        wrong.append("the proof does not lead to the signed root")
    return wrong


def _entry(given: Json) -> Body:
    return Body(
        id=int(given["id"]), kind=given["kind"], currency=given["currency"],
        effective_at=datetime.fromisoformat(given["effective_at"]),
        recorded_at=datetime.fromisoformat(given["recorded_at"]), reverses=given["reverses"],
        lines=tuple(BodyLine(line["account"], line["amount"], line["balance_after"]) for line in given["lines"]),
        details=str(given["details"]),
    )  # fmt: skip


def _private(given: Json) -> PrivatePart:
    part = given["private"]
    return PrivatePart(part["key"], part["digest"], part["actor"], part["refs"], part["outside_id"])


def _bytes(text: str) -> bytes:
    found = bytes.fromhex(text)
    if len(text) != HASH_DIGITS:
        raise ValueError(text)
    return found
