"""Registers every mail job; `app` and the worker import this."""

from __future__ import annotations

from bountyhub.notifications import disputes, life, mails, money, promises, sign_in, unclaimed, work

__all__ = ["disputes", "life", "mails", "money", "promises", "sign_in", "unclaimed", "work"]
