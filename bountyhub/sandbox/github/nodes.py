"""Global node ids: opaque texts like GitHub's that the GraphQL endpoint can take apart again."""

from __future__ import annotations

import base64
import binascii


def node_id(prefix: str, *parts: int | str) -> str:
    """`prefix` says the kind (U, R, I, PR, IC …); the rest is the object's key."""
    key = ":".join(str(part) for part in parts)
    return f"{prefix}_kw{base64.urlsafe_b64encode(key.encode()).decode().rstrip('=')}"


def parse_node_id(text: str) -> tuple[str, list[str]] | None:
    """Kind and key parts, or None for a text that is no node id."""
    prefix, found, key = text.partition("_kw")
    if not found:
        return None
    try:
        decoded = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return prefix, decoded.split(":")
