"""Inline scripts, styles and handlers are found in templates, whatever Jinja stands between."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.planted import found_by, places
from tools.rules import markup

INLINE = [
    "<script>alert(1)</script>",
    "<style>p { color: red }</style>",
    '<p style="color: red">',
    '<p {% if hot %}style="color: red"{% endif %}>',
    '<button onclick="pay()">',
    '<body\n  onload="go()">',
    '<a href=" JavaScript:pay()">',
]

CLEAN = [
    '<script src="{{ url_for("static", filename="site.js") }}" defer></script>',
    '<link rel="stylesheet" href="/static/site.css">',
    "<input {% if once %}checked{% endif %} {{ one|safe }}>",
    "<p>Write style= or onclick= as you like.</p>",
]


@pytest.mark.parametrize("text", INLINE)
@pytest.mark.parametrize("folder", ["templates/tasks", "bountyhub/sandbox/templates/stripe"])
def test_inline_behaviour_or_looks_are_a_fault(tmp_path: Path, folder: str, text: str) -> None:
    page = "{#\n two lines #}\n" + text
    assert places(found_by(markup.check, tmp_path, {f"{folder}/page.html": page})) == [f"{folder}/page.html:3"]


@pytest.mark.parametrize("text", CLEAN)
def test_files_beside_the_page_are_allowed(tmp_path: Path, text: str) -> None:
    assert found_by(markup.check, tmp_path, {"templates/page.html": text}) == []
