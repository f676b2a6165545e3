"""How the pages show Markdown and times."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from markdown_it import MarkdownIt

# Raw HTML is shown as text, so a body can bring no script of its own; links are checked by the library.
MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
COMMENT = re.compile(r"<!--.*?-->", re.S)


def as_html(text: str | None) -> str:
    return str(MARKDOWN.render(COMMENT.sub("", text or "")))


def as_time(seconds: int | None) -> str:
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%-d %b %Y, %H:%M")
