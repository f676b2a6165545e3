"""The recorded lines as values, and the verdict on each; used by every checker of this package."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Line:
    """One line of `<source>.jsonl`, as `bountyhub/sandbox/recording.py` writes it; `where` is file:number.

    `nonsense` means that a test said so beforehand: it wants to see the request refused.
    """

    source: str
    where: str
    kind: str
    method: str
    path: str
    query: str
    form: str | None
    body: Any
    status: int | None
    response: Any
    event: str | None
    nonsense: bool


@dataclass
class Verdict:
    """`operation` names what was seen; `violations` are differences; `unchecked` says why a line is unknown.

    `refused` means that only the error answer was judged, because the request was meant to be malformed.
    """

    operation: str = ""
    violations: list[str] = field(default_factory=list)
    unchecked: str | None = None
    refused: bool = False


def line_of(record: dict[str, Any], source: str, where: str = "", nonsense: bool = False) -> Line:
    """A Line from one recorded JSON object; absent members are empty."""
    return Line(
        source=source,
        where=where,
        kind=str(record.get("kind") or ""),
        method=str(record.get("method") or ""),
        path=str(record.get("path") or ""),
        query=str(record.get("query") or ""),
        form=record.get("form"),
        body=record.get("body"),
        status=record.get("status"),
        response=record.get("response"),
        event=record.get("event"),
        nonsense=nonsense,
    )


def judge_refusal(line: Line, verdict: Verdict) -> None:
    """A request the sandbox refused as malformed: excused where a test meant it so, otherwise a violation."""
    verdict.refused = line.nonsense
    if not line.nonsense:
        verdict.violations.append("the request was refused as malformed, and no test said that it means to be")


def read_lines(folder: Path, source: str) -> Iterator[Line]:
    """The lines of `<folder>/<source>.jsonl`, then those of tests that send nonsense."""
    for inside in ("", "nonsense/"):
        file = folder / f"{inside}{source}.jsonl"
        if not file.exists():
            continue
        with file.open(encoding="utf-8") as lines:
            for number, text in enumerate(lines, start=1):
                yield line_of(json.loads(text), source, f"{inside}{file.name}:{number}", nonsense=bool(inside))
