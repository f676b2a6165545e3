"""Closing keywords in titles, bodies and commit messages: which issues a change closes by its author's word.

https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
Each reference needs its own keyword; words in code, quotes and HTML comments don't count.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from bountyhub.bot.references import Reference, reference_of, target
from bountyhub.bot.visible import visible_text
from bountyhub.ports.forge import IssueRef

_WORD = r"(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)"
_ANY = re.compile(_WORD, re.IGNORECASE | re.ASCII)
#: At most this many different references are taken from one text: beyond it is noise, not intent.
MOST = 50

#: Finds the id of a repository by its name, None when there is none.
Resolver = Callable[[str], int | None]


def closing_references(markdown: str, web_url: str) -> tuple[Reference, ...]:
    """The issues a text says it closes, in order, each once."""
    if not _ANY.search(markdown):
        return ()  # most texts: spare the rendering
    found = (reference_of(match) for match in _pattern(web_url).finditer(visible_text(markdown)))
    return tuple(dict.fromkeys(reference for reference in found if reference.number))[:MOST]


def resolve(references: tuple[Reference, ...], own: int, repository_of: Resolver) -> tuple[IssueRef, ...]:
    """References by repository id; those to unknown repositories fall away."""
    found: dict[IssueRef, None] = {}
    for reference in references:
        repository = own if reference.name is None else repository_of(reference.name)
        if repository is not None:
            found[IssueRef(repository, reference.number)] = None
    return tuple(found)


@lru_cache(maxsize=8)
def _pattern(web_url: str) -> re.Pattern[str]:
    # (?a:…) keeps the letters ASCII: without it a long s or a Kelvin sign would match under IGNORECASE.
    expression = rf"(?<![\w/.-])(?a:{_WORD}:?[ \t]+{target(web_url)})(?![\w#/?-])"
    return re.compile(expression, re.IGNORECASE)
