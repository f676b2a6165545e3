"""Registers every mail job; `app` and the worker import this."""

from __future__ import annotations

from bountyhub.notifications import (
    app,
    delayed,
    disputes,
    life,
    mails,
    money,
    payees,
    promises,
    requests,
    sign_in,
    splits,
    unclaimed,
    undone,
    work,
)

__all__ = [
    "app", "delayed", "disputes", "life", "mails", "money", "payees", "promises", "requests", "sign_in", "splits",
    "unclaimed", "undone", "work",
]  # fmt: skip
