"""People's Markdown as safe HTML for our pages: no scripts, no foreign images, nothing that could look like our own.

Called by pages that show an issue's text. Headings go below the page's own; images become links (the content
security policy would refuse them anyway).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

#: Characters shown, and texts kept rendered: anybody who may write an issue decides how much work its text is.
LONGEST = 20_000
KEPT = 256
_TAGS = {
    "a", "blockquote", "br", "code", "dd", "del", "details", "dl", "dt", "em", "h2", "h3", "h4", "h5", "h6", "hr",
    "kbd", "li", "ol", "p", "pre", "s", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr",
    "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_ABSOLUTE = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
_RAW_HEADING = re.compile(r"</?h[1-6]\b[^>]*>", re.IGNORECASE)
_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def to_html(text: str) -> str:
    """Sanitised HTML of a text of any length and intent; what is longer than LONGEST is cut."""
    return _html(text[:LONGEST])


@lru_cache(maxsize=KEPT)
def _html(text: str) -> str:
    tokens = _PARSER.parse(text)
    _lower_headings(tokens)
    for token in tokens:
        _drop_raw_headings([token, *(token.children or [])])
        token.children = _plain_images(token.children) if token.children else token.children
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer ugc", attribute_filter=_only_absolute,
    ).replace("<pre>", '<pre tabindex="0">')  # fmt: skip


def _lower_headings(tokens: Sequence[Token]) -> None:
    """Below the page's own title and without gaps, so that the outline stays whole whatever was written."""
    last = 1
    for token in tokens:
        if token.type == "heading_open":
            last = min(int(token.tag[1]) + 1, last + 1, 6)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{last}"


def _drop_raw_headings(tokens: Sequence[Token]) -> None:
    """Headings written as HTML would be on a level of their own choice."""
    for token in tokens:
        if token.type in ("html_block", "html_inline"):
            token.content = _RAW_HEADING.sub("", token.content)


def _plain_images(tokens: Sequence[Token]) -> list[Token]:
    """Each image as a link to it; inside a link as its description alone."""
    plain: list[Token] = []
    depth = 0
    for token in tokens:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        plain += _image(token, linked=depth > 0) if token.type == "image" else [token]
    return plain


def _image(token: Token, *, linked: bool) -> list[Token]:
    words = Token("text", "", 0, content=token.content or "image")
    if linked:
        return [words]
    opening: dict[str, Any] = {"href": token.attrGet("src") or ""}
    return [Token("link_open", "a", 1, attrs=opening), words, Token("link_close", "a", -1)]


def _only_absolute(_tag: str, attribute: str, value: str) -> str | None:
    """A relative address would lead to our own pages."""
    return None if attribute == "href" and not _ABSOLUTE.match(value) else value
