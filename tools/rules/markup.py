"""Templates hold no inline script, style or event attribute: the content security policy refuses them.

Behaviour lives in static/*.js, looks in static/*.css; every page works without either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from tools.source import Fault, Source

JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
Attributes = list[tuple[str, str | None]]


def check(sources: list[Source]) -> Iterator[Fault]:
    """Every inline script, style or handler in a page's template."""
    for source in sources:
        if source.path.endswith(".html") and source.under("templates", "bountyhub"):
            reader = _Reader(source.path)
            reader.feed(JINJA.sub(_newlines, source.text))
            reader.close()
            yield from reader.faults


def _newlines(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.faults: list[Fault] = []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag == "style":
            self._report("a <style> element: put it into static/")
        if tag == "script" and not any(name == "src" for name, _ in attrs):
            self._report("an inline <script>: put it into static/")
        for name, value in attrs:
            self._attribute(name, value or "")

    def _attribute(self, name: str, value: str) -> None:
        if name == "style":
            self._report("a style attribute: use a class")
        if re.fullmatch(r"on[a-z]+", name):
            self._report(f"an event attribute {name}: listen from static/")
        if value.strip().lower().startswith("javascript:"):
            self._report(f"a javascript: address in {name}")

    def _report(self, message: str) -> None:
        self.faults.append(Fault(self.path, self.getpos()[0], message))
