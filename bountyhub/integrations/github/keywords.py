"""Closing keywords in titles, bodies and commit messages: which issues a change closes by its author's word.

https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
Each reference needs its own keyword; words in code, quotes and HTML comments don't count.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from bountyhub.integrations.github.visible import visible_text
from bountyhub.ports.forge import IssueRef

_WORD = r"(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)"
_ANY = re.compile(_WORD, re.IGNORECASE | re.ASCII)
_NAME = r"[a-z0-9][a-z0-9_-]{0,99}/[a-z0-9._-]{1,100}"
#: At most this many different references are taken from one text: beyond it is noise, not intent.
MOST = 50

#: Finds the id of a repository by its name, None when there is none.
Resolver = Callable[[str], int | None]


@dataclass(frozen=True)
class Reference:
    """One issue as it was written; `name` (owner/repo, lower case) is None for the text's own repository."""

    name: str | None
    number: int


def closing_references(markdown: str, web_url: str) -> tuple[Reference, ...]:
    """The issues a text says it closes, in order, each once."""
    if not _ANY.search(markdown):
        return ()  # most texts: spare the rendering
    found = (_reference(match) for match in _pattern(web_url).finditer(visible_text(markdown)))
    return tuple(dict.fromkeys(reference for reference in found if reference.number))[:MOST]


def resolve(references: tuple[Reference, ...], own: int, repository_of: Resolver) -> tuple[IssueRef, ...]:
    """References by repository id; those to unknown repositories fall away."""
    found: dict[IssueRef, None] = {}
    for reference in references:
        repository = own if reference.name is None else repository_of(reference.name)
        if repository is not None:
            found[IssueRef(repository, reference.number)] = None
    return tuple(found)


def issue_reference(text: str, web_url: str) -> Reference | None:
    """`#12`, `12`, `owner/repo#12` or an issue's address, alone."""
    match = re.fullmatch(rf"(?a:{_target(web_url)}|(?P<bare>[0-9]{{1,9}}))", text.strip(), re.IGNORECASE)
    if match is None:
        return None
    return Reference(None, int(match["bare"])) if match["bare"] else _reference(match)


def _reference(match: re.Match[str]) -> Reference:
    name = match["name"] or match["url_name"]
    return Reference(name.lower() if name else None, int(match["number"] or match["url_number"]))


def _target(web_url: str) -> str:
    url = rf"{re.escape(web_url.rstrip('/'))}/(?P<url_name>{_NAME})/issues/(?P<url_number>[0-9]{{1,9}})"
    return rf"(?:{url}|(?P<name>{_NAME})?\#(?P<number>[0-9]{{1,9}}))"


@lru_cache(maxsize=8)
def _pattern(web_url: str) -> re.Pattern[str]:
    # (?a:…) keeps the letters ASCII: without it a long s or a Kelvin sign would match under IGNORECASE.
    expression = rf"(?<![\w/.-])(?a:{_WORD}:?[ \t]+{_target(web_url)})(?![\w#/?-])"
    return re.compile(expression, re.IGNORECASE)
