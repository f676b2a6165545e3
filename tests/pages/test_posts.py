"""Every button of every page: none works without the form's token, and strangers are asked to sign in first."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.builders.world import CLEO
from tests.pages.conftest import Pages

MACHINES = ("/webhooks/", "/sandbox/clock")
#: What strangers may send: pay, paste a task's address, sign in and out, choose a theme, use a mailed link.
FOR_STRANGERS = {
    "/tasks/new", "/tasks/<int:task_id>/fund", "/sign-in/email", "/sign-in/github", "/sign-in/link/<secret>",
    "/sign-out", "/theme", "/c/<secret>/renew", "/c/<secret>/quiet", "/c/<secret>/withdraw", "/c/<secret>/stay",
    "/tasks/<int:task_id>/promise", "/p/<secret>/withdraw", "/p/<secret>/confirm", "/c/<secret>/other-way",
    "/not-me/<secret>",
}  # fmt: skip


def posts(pages: Pages) -> Iterator[tuple[str, str]]:
    """(route, an address of it) of everything that takes a form."""
    for rule in pages.app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and not rule.rule.startswith(MACHINES):
            yield rule.rule, re.sub(r"<(int:)?\w+_id>", "1", rule.rule).replace("<secret>", "s")


@pytest.fixture
def guarded(pages: Pages) -> Iterator[Pages]:
    pages.app.config["WTF_CSRF_ENABLED"] = True
    yield pages
    pages.app.config["WTF_CSRF_ENABLED"] = False


def test_no_button_works_without_its_token(guarded: Pages) -> None:
    cleo = guarded.signed_in(CLEO)
    answers = {route: cleo.post(path, csrf_token="made up").status_code for route, path in posts(guarded)}
    assert len(answers) >= 20
    assert set(answers.values()) == {400}, answers


def test_every_form_on_a_page_carries_the_token(guarded: Pages) -> None:
    guarded.world.pay(5000)
    funding = ("/tasks/1/fund", "/tasks/1/promise", "/contributions/1")
    for path in ("/", "/tasks/new", "/tasks/1", "/me", "/projects", *funding):
        text = guarded.signed_in(CLEO).get(path).text
        assert text.count('method="post"') == text.count('name="csrf_token"') > 0, path


def test_strangers_are_asked_to_sign_in_first(pages: Pages) -> None:
    for route, path in posts(pages):
        if route.startswith("/operator"):  # that there is a desk is nobody else's to know
            assert pages.stranger().post(path).status_code == 404, route
        elif route not in FOR_STRANGERS:
            answer = pages.stranger().post(path)
            assert answer.status_code == 303, route
            assert answer.location.startswith("/sign-in?next=/"), route


def test_get_never_does_what_a_button_does(pages: Pages) -> None:
    asking = {
        "/contributions/<int:contribution_id>/renew", "/contributions/<int:contribution_id>/move", "/c/<secret>/renew",
        "/tasks/new", "/tasks/<int:task_id>/fund", "/sign-in/link/<secret>", "/me/address/<secret>",
        "/tasks/<int:task_id>/promise", "/c/<secret>/other-way", "/contributions/<int:contribution_id>/other-way",
        "/not-me/<secret>", "/shares/<int:share_id>/redirect", "/projects/<int:project_id>/bot",
        "/projects/<int:project_id>/people", "/projects/<int:project_id>/pause",
    }  # fmt: skip
    only = {route for route, _ in posts(pages)} - asking
    for route, path in posts(pages):
        if route in only:
            assert pages.signed_in(CLEO).get(path).status_code in (404, 405), route
