"""No file passes 300 lines: longer ones become a package, one file per verb group or page group.

Exceptions stand in tools/long_files.txt, at most five, each with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from tools.source import Fault, Source

LIMIT = 300
MOST_EXCEPTIONS = 5
EXCEPTIONS = "tools/long_files.txt"


def check(sources: list[Source]) -> Iterator[Fault]:
    """Files over the limit, and exceptions that are too many, without a reason or no longer needed."""
    excepted, listing = _exceptions(sources)
    long = {source.path: lines for source in sources if (lines := _lines(source)) > LIMIT}
    for path, lines in long.items():
        if path not in excepted:
            message = f"{lines} lines, more than {LIMIT}: make it a package of smaller files"
            yield Fault(path, LIMIT + 1, message)
    for path, (line, reason) in excepted.items():
        if path not in long:
            yield Fault(EXCEPTIONS, line, f"{path} is not longer than {LIMIT} lines: remove this exception")
        if not reason:
            yield Fault(EXCEPTIONS, line, f"say why {path} may be long: `path: reason`")
    if listing > MOST_EXCEPTIONS:
        yield Fault(EXCEPTIONS, MOST_EXCEPTIONS + 1, f"more than {MOST_EXCEPTIONS} exceptions")


def _lines(source: Source) -> int:
    return len(source.text.splitlines())


def _exceptions(sources: list[Source]) -> tuple[dict[str, tuple[int, str]], int]:
    text = next((s.text for s in sources if s.path == EXCEPTIONS), "")
    rows = [(number, row) for number, row in enumerate(text.splitlines(), 1) if row.strip()]
    found = {}
    for number, row in rows:
        path, _, reason = row.partition(":")
        found[path.strip()] = (number, reason.strip())
    return found, len(rows)
