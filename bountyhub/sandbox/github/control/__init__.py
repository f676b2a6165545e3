"""`POST /github/control/<action>`: everything a person can click, for tests and the demo; answers ids and numbers."""

from __future__ import annotations

from bountyhub.sandbox.github.control import accounts, conversation, delivery, pulls
from bountyhub.sandbox.github.control.registry import control

__all__ = ["accounts", "control", "conversation", "delivery", "pulls"]
