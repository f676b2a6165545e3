"""People's Markdown: what it looks like, and that nothing in it does anything."""

from __future__ import annotations

import time

import pytest

from bountyhub.kit.markdown import LONGEST, to_html


def test_ordinary_text() -> None:
    assert to_html("Some *words* and `code`") == "<p>Some <em>words</em> and <code>code</code></p>\n"


def test_headings_go_below_the_pages_own_without_gaps() -> None:
    assert to_html("# A\n#### B\n## C\n### D") == "<h2>A</h2>\n<h3>B</h3>\n<h3>C</h3>\n<h4>D</h4>\n"


def test_links_say_that_they_are_not_ours() -> None:
    html = to_html("[here](https://example.org/a)")
    assert html == '<p><a href="https://example.org/a" rel="nofollow noopener noreferrer ugc">here</a></p>\n'


def test_images_become_links() -> None:
    assert '<a href="https://example.org/p.png" rel=' in to_html("![a cat](https://example.org/p.png)")
    assert ">a cat</a>" in to_html("![a cat](https://example.org/p.png)")
    assert to_html("[![a cat](https://e.org/p.png)](https://e.org)").count("<a ") == 1


def test_code_can_be_scrolled_with_the_keyboard() -> None:
    assert to_html("```py\na < b\n```") == '<pre tabindex="0"><code>a &lt; b\n</code></pre>\n'


def test_tables_lists_and_struck_text() -> None:
    html = to_html("| a |\n|---|\n| 1 |\n\n- ~~x~~\n")
    for part in ("<th>a</th>", "<td>1</td>", "<li><s>x</s></li>"):
        assert part in html


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<iframe src=//evil.example></iframe>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='/sign-out'>x</a>",
        "[x](/me)",
        "[x](//evil.example)",
        "[x](data:text/html,x)",
        "<p style='position:fixed' class='notice' id='content' onclick='x()'>x</p>",
        "<form action=/me><input></form>",
        "<h1>Ours</h1>",
        "<meta http-equiv=refresh content=0>",
        "<style>*{display:none}</style>",
    ],
)
def test_nothing_dangerous_comes_through(bad: str) -> None:
    html = to_html(f"Before {bad}\n\n{bad}\n")
    for tag in ("script", "img", "svg", "iframe", "form", "input", "h1", "meta", "style"):
        assert f"<{tag}" not in html, html
    for part in ("href=", " on", "style=", "class=", " id="):
        assert part not in html, html


COSTLY = ["![" * 30_000, "| a |\n|---|\n" + "| b |\n" * 20_000, "[a](b" * 15_000, "*a_ " * 15_000]


@pytest.mark.parametrize("text", COSTLY)
def test_a_text_written_to_cost_much_costs_it_once(text: str) -> None:
    began = time.perf_counter()
    first = to_html(text)
    assert time.perf_counter() - began < 3
    began = time.perf_counter()
    assert to_html(text) == first
    assert time.perf_counter() - began < 0.01


@pytest.mark.parametrize("raw", ["<h2>Ours</h2>", "a <H3 class='x'>Ours</H3>", "<h6\n>Ours</h6>"])
def test_headings_written_as_html_are_plain_text(raw: str) -> None:
    assert "<h" not in to_html(raw).lower()
    assert "Ours" in to_html(raw)


def test_nothing_written_jumps_the_order_of_the_keyboard() -> None:
    assert to_html('<pre tabindex="7">x</pre>').startswith('<pre tabindex="0">x</pre>')


def test_comments_are_not_shown() -> None:
    assert to_html("<!-- write here -->\n\ntext") == "\n<p>text</p>\n"


def test_a_very_long_text_is_cut() -> None:
    assert len(to_html("a" * (LONGEST * 3))) < LONGEST + 100
