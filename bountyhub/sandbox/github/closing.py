"""Which issues a text closes, by GitHub's keyword rules; used for merges and for `closingIssuesReferences`.

https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
Each reference needs its own keyword; code, quotes and HTML comments do not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

KEYWORD = r"(?<![\w-])(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t\n]+"
NAME = r"[A-Za-z0-9][\w.-]*/[\w.-]+"
HIDDEN_HTML = re.compile(r"<!--.*?(?:-->|\Z)|<(pre|code)\b.*?</\1>|<[^>]*>", re.S | re.I)
MARKDOWN = MarkdownIt("commonmark")


@dataclass(frozen=True)
class Reference:
    """`repo` is None for an issue of the repository the text stands in."""

    repo: str | None
    number: int


def references(markdown: str, web_roots: tuple[str, ...] = ()) -> list[Reference]:
    """Closing references in Markdown, in order, each once; `web_roots`: addresses issue URLs may begin with."""
    return _find(visible_text(markdown), web_roots)


def references_in_commit(message: str, web_roots: tuple[str, ...] = ()) -> list[Reference]:
    """The same for a commit message, which is plain text."""
    return _find(message, web_roots)


def visible_text(markdown: str) -> str:
    """The text a reader would take as the author's own words."""
    quotes, parts = 0, []
    for token in MARKDOWN.parse(markdown):
        quotes += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if quotes == 0:
            parts.append(_block_text(token))
    return "\n\n".join(part for part in parts if part)


def _block_text(token: Token) -> str:
    if token.type == "html_block":
        return HIDDEN_HTML.sub(" ", token.content)
    if token.type != "inline":
        return ""
    return "".join(_inline_text(child) for child in token.children or [])


def _inline_text(token: Token) -> str:
    if token.type == "text":
        return token.content
    return "\n" if token.type in ("softbreak", "hardbreak") else _gap(token)


def _gap(token: Token) -> str:
    # Code must not glue its neighbours together; marks such as ** stand between a keyword and its number.
    return " \0 " if token.type in ("code_inline", "image") else ""


def _find(text: str, web_roots: tuple[str, ...]) -> list[Reference]:
    found: dict[Reference, None] = {}
    for match in _pattern(web_roots).finditer(text):
        repo = match["full"] or match["url_repo"]
        number = match["number"] or match["url_number"] or match["gh"]
        found[Reference(repo, int(number))] = None
    return list(found)


def _pattern(web_roots: tuple[str, ...]) -> re.Pattern[str]:
    roots = "|".join(re.escape(root.rstrip("/")) for root in ("https://github.com", *web_roots))
    url = rf"(?:{roots})/(?P<url_repo>{NAME})/issues/(?P<url_number>\d+)"
    short = rf"(?P<full>{NAME})?#(?P<number>\d+)"
    return re.compile(rf"{KEYWORD}(?:{url}|{short}|GH-(?P<gh>\d+))(?![\w-])", re.I)
