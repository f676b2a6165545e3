"""Issues as people write them in a text: `#12`, `owner/repo#12`, an address. Pure; for commands and keywords.

Addresses are those of GitHub and Forgejo, below `web_url`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = r"[a-z0-9][a-z0-9_-]{0,99}/[a-z0-9._-]{1,100}"


@dataclass(frozen=True)
class Reference:
    """One issue as it was written; `name` (owner/repo, lower case) is None for the text's own repository."""

    name: str | None
    number: int


def issue_reference(text: str, web_url: str) -> Reference | None:
    """`#12`, `12`, `owner/repo#12` or an issue's address, alone."""
    match = re.fullmatch(rf"(?a:{target(web_url)}|(?P<bare>[0-9]{{1,9}}))", text.strip(), re.IGNORECASE)
    if match is None:
        return None
    return Reference(None, int(match["bare"])) if match["bare"] else reference_of(match)


def reference_of(match: re.Match[str]) -> Reference:
    """What a `target` found."""
    name = match["name"] or match["url_name"]
    return Reference(name.lower() if name else None, int(match["number"] or match["url_number"]))


def target(web_url: str) -> str:
    """The expression of an issue by number, name and number, or address; for larger ones, ignoring case."""
    url = rf"{re.escape(web_url.rstrip('/'))}/(?P<url_name>{_NAME})/issues/(?P<url_number>[0-9]{{1,9}})"
    return rf"(?:{url}|(?P<name>{_NAME})?\#(?P<number>[0-9]{{1,9}}))"
