"""One thing the API answers, and the answers that many objects share; each object's own table is made of these."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bountyhub.sandbox.stripe import lists, records
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.forms import Schema

Doc = dict[str, Any]
Handler = Callable[..., Doc]


@dataclass(frozen=True)
class Operation:
    """`run(call, params, *ids)` with the ids that stand in the path."""

    method: str
    path: str
    schema: Schema
    run: Handler

    def ids(self, method: str, path: str) -> tuple[str, ...] | None:
        """The path's ids if this operation answers it."""
        found = re.fullmatch(re.sub(r"\{\w+\}", "([^/]+)", self.path), path)
        return found.groups() if found and method == self.method else None


def retrieve(prefix: str, param: str = "id") -> Handler:
    def run(call: Call, given: Doc, id: str) -> Doc:
        return records.load(call.tx, prefix, id, param)

    return run


def listed(prefix: str, url: str, *same: str) -> Handler:
    """Newest first, filtered by the parameters named in `same`."""
    kind, name = records.KINDS[prefix]

    def run(call: Call, given: Doc) -> Doc:
        wanted = {field: given[field] for field in same if field in given}
        found = [d for d in call.tx.all(kind, newest_first=True) if all(d[f] == v for f, v in wanted.items())]
        return lists.page(found, given, url, name)

    return run
