"""What a reader takes as the author's own words in a Markdown text; used to find keywords and commands.

Code, quotes and HTML comments are not the author speaking: everything is rendered as GitHub does, then only
the text outside those elements is kept. In doubt a text is hidden: a missed link can still be claimed by hand.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

#: Longer texts than a forge accepts are cut: nobody's keyword stands there.
LONGEST = 70_000
#: Stands for what was left out (and for borders of inline code), so that its neighbours don't grow together.
GAP = "\ufffc"
#: Stands for a list's bullet or number, or a table's border: what follows isn't the first thing on its line.
BULLET = "\u2022"
_BULLETED = frozenset(("li", "td", "th"))
_INLINE_CODE = frozenset(("code", "samp", "kbd", "tt"))
_HIDDEN = _INLINE_CODE | {"pre", "blockquote", "script", "style", "textarea", "title"}
_LINES = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "br", "dd", "details", "div", "dl", "dt", "h1",
        "h2", "h3", "h4", "h5", "h6", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table",
        "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    )
)  # fmt: skip
# The parser shows comments that never end, and chokes on some declarations; a browser shows neither.
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<[!?].*?(?:>|\Z)", re.DOTALL)
_markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def visible_text(markdown: str, *, inline_code: bool = False) -> str:
    """The author's words, a line for each rendered line; with inline code (between gaps) if asked for."""
    reader = _Reader(_HIDDEN - _INLINE_CODE if inline_code else _HIDDEN)
    reader.feed(_UNSEEN.sub(GAP, _markdown.render(markdown[:LONGEST])))
    reader.close()
    return "".join(reader.parts)


class _Reader(HTMLParser):
    """Collects the text outside hidden elements."""

    def __init__(self, hidden: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._to_hide = hidden
        self._open: list[str] = []
        self._in_code = 0
        self._after_bullet = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._open:
            self._open_line(tag)
        if tag in self._to_hide:
            self._open.append(tag)
        elif tag in _INLINE_CODE:
            self._in_code += 1

    def _open_line(self, tag: str) -> None:
        """A paragraph that begins a list's item (in a list with blank lines each one does) is behind its bullet."""
        opening = _opening(tag)
        if not (self._after_bullet and opening == "\n"):
            self._after_bullet = tag in _BULLETED or (self._after_bullet and not opening)
            self.parts.append(opening)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            # An element left open inside this one ends with it.
            while self._open.pop() != tag:
                pass
        elif tag in _INLINE_CODE:
            self._in_code = max(0, self._in_code - 1)
        if not self._open and tag in _LINES | _HIDDEN:
            self._after_bullet = False
            self.parts.append("\n" if tag in _LINES else GAP)

    def handle_data(self, data: str) -> None:
        if not self._open and (data.strip() or not self._after_bullet):
            self._after_bullet = False
            self.parts.append(data.replace("\n", " ") if self._in_code else data)


def _opening(tag: str) -> str:
    if tag in _BULLETED:
        return f"\n{BULLET} "
    if tag in _LINES:
        return "\n"
    return GAP if tag in _HIDDEN or tag == "img" else ""
