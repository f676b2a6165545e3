"""The demonstration's browser reads pages as a person does and sends forms as a browser does."""

from __future__ import annotations

import pytest

from bountyhub.cli.demo.errors import DemoFailed
from bountyhub.cli.demo.page import read

FORM = """
<title>Hidden</title><h1>Fund
  <b>this</b></h1>
<a href="/tasks/7?tab=money">Money <b>tab</b></a>
<form method="post" action="/fund">
  <input type="hidden" name="token" value="t"><input name="amount" value="25">
  <input type="checkbox" name="anonymous" value="yes"><input type="checkbox" name="old" checked>
  <input type="radio" name="way" value="card" checked><input type="radio" name="way" value="bank">
  <select name="country"><option value="DE">Germany<option value="FR" selected>France</option></select>
  <input list="names"><datalist id="names"><option value="bo"></option></datalist>
  <textarea name="why">
because</textarea>
  <button>Fund <span>25 €</span></button><button name="how" value="later" formaction="/later">Later</button>
  <button type="button">Copy</button>
</form>
"""


def test_the_text_is_what_a_reader_sees() -> None:
    page = read("http://here/", 200, FORM + "<script>secret</script><style>a{}</style>")
    assert page.says("Fund this")
    assert not page.says("Hidden")
    assert not page.says("secret")


def test_a_form_is_sent_with_what_stands_in_it_and_the_pressed_button() -> None:
    page = read("http://here/", 200, FORM)
    form, button = page.button("Later")
    assert (form.method, button.action) == ("post", "/later")
    assert form.filled(button, {"amount": "5"}) == [
        ("token", "t"), ("old", "on"), ("way", "card"), ("country", "FR"), ("why", "because"), ("amount", "5"),
        ("how", "later"),
    ]  # fmt: skip


def test_a_button_is_found_by_part_of_its_words() -> None:
    form, button = read("http://here/", 200, FORM).button("Fund 25", to="/fund")
    assert ("anonymous", "yes") in form.filled(button, {"anonymous": "yes"})


def test_a_button_that_scripts_alone_can_use_is_none() -> None:
    assert not read("http://here/", 200, FORM).has_button("Copy")


def test_links_are_followed_from_where_the_page_is() -> None:
    assert read("http://here/tasks/", 200, FORM).link("Money") == "http://here/tasks/7?tab=money"


def test_what_is_missing_is_named() -> None:
    page = read("http://here/", 200, FORM)
    form, button = page.button("Later")
    with pytest.raises(DemoFailed, match="has no field 'colour'"):
        form.filled(button, {"colour": "red"})
    with pytest.raises(DemoFailed, match="has no button “Pay”"):
        page.button("Pay")
    with pytest.raises(DemoFailed, match="does not say “Thank you”"):
        page.require("Thank you")
