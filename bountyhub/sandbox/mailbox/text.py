"""Turns a mail's plain text into safe HTML with its links clickable; used by the page of one mail."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

LINK = re.compile(r"https?://[^\s<>\"']+")
TRAILING = ".,;:!?)]}"


def linkified(text: str) -> Markup:
    """The text escaped, with each http(s) address as a link; closing punctuation stays outside."""
    parts: list[Markup] = []
    end = 0
    for match in LINK.finditer(text):
        url = match.group().rstrip(TRAILING)
        parts += [escape(text[end : match.start()]), Markup('<a href="{0}">{0}</a>').format(url)]
        end = match.start() + len(url)
    return Markup("").join([*parts, escape(text[end:])])
