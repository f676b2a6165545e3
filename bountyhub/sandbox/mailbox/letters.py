"""Keeps the mails: one document per message id, so that the same mail sent twice arrives once.

Used by the mailbox's views.
"""

from __future__ import annotations

import hashlib

from bountyhub.sandbox.store import Doc, Tx

FIELDS = ("message_id", "to", "subject", "text")


def problem(body: object) -> str | None:
    """The sentence that says what is wrong with a posted mail, or None."""
    if not isinstance(body, dict):
        return "The body must be a JSON object."
    for field in FIELDS:
        if not isinstance(body.get(field), str) or not body[field].strip():
            return f"'{field}' must be a text that is not empty."
    if not isinstance(body.get("html"), str | None):
        return "'html' must be a text when it is given."
    return None


def deliver(tx: Tx, body: Doc, received_at: int) -> tuple[Doc, bool]:
    """Store a mail unless its message id is known; the stored mail and whether it is new."""
    id = hashlib.sha256(body["message_id"].encode()).hexdigest()[:16]
    known = tx.get("mail", id)
    if known is not None:
        return known, False
    address = body["to"].strip().lower()
    mail: Doc = {name: body[name] for name in FIELDS}
    mail |= {"id": id, "to": address, "html": body.get("html") or None, "received_at": received_at}
    return tx.put("mail", id, mail, ref=address), True


def letters(tx: Tx, to: str | None = None) -> list[Doc]:
    """Mails, newest first; only those to one address when it is given."""
    return tx.all("mail", ref=None if to is None else to.strip().lower(), newest_first=True)


def addresses(tx: Tx) -> list[tuple[str, int, Doc]]:
    """Each address that got mail, with how many and the newest one; the latest address first."""
    found: dict[str, list[Doc]] = {}
    for mail in letters(tx):
        found.setdefault(mail["to"], []).append(mail)
    return [(address, len(mails), mails[0]) for address, mails in found.items()]
