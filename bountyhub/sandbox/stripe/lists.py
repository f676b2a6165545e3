"""Stripe's lists: newest first, pages by `starting_after` or `ending_before`, filters on `created`."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from bountyhub.sandbox.stripe.errors import bad_param, no_such
from bountyhub.sandbox.stripe.records import shown

Doc = dict[str, Any]
COMPARE: dict[str, Callable[[int, int], bool]] = {
    "gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le,
}  # fmt: skip
LONGEST = 100


def page(documents: list[Doc], params: Doc, url: str, kind: str) -> Doc:
    """One page out of documents given newest first."""
    limit = params.get("limit", 10)
    if limit > LONGEST:
        raise bad_param(f"Invalid limit: must be between 1 and {LONGEST}", "limit", "parameter_invalid_integer")
    start, end = params.get("starting_after"), params.get("ending_before")
    if start and end:
        raise bad_param("You cannot use both starting_after and ending_before.", "ending_before")
    ids = [each["id"] for each in documents]
    kept = documents
    if start:
        kept = documents[_position(ids, start, kind, "starting_after") + 1 :]
    elif end:
        kept = documents[: _position(ids, end, kind, "ending_before")]
    kept = [each for each in kept if in_range(each["created"], params.get("created"))]
    some = kept[-limit:] if end else kept[:limit]
    return {"object": "list", "data": [shown(d) for d in some], "has_more": len(kept) > len(some), "url": url}


def in_range(value: int, bounds: Doc | None) -> bool:
    return all(COMPARE[name](value, bound) for name, bound in (bounds or {}).items())


def _position(ids: list[str], id: str, kind: str, param: str) -> int:
    if id not in ids:
        raise no_such(kind, id, param, status=400)
    return ids.index(id)
