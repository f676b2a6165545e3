"""How the demonstration fails: with one sentence that says what was expected and what was there instead."""

from __future__ import annotations


class DemoFailed(Exception):
    """Something did not happen as it should; the text is shown to whoever ran the demonstration."""
