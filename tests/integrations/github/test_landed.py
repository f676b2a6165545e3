"""`/landed` in a comment, through GitHub's protocol."""

from __future__ import annotations

import pytest

from bountyhub.bot.commands import Command, Misused, parse
from tests.integrations.github.hub import Hub

SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ("/landed @bo", "bo"),
        (f"/landed @Bo-1 {SHA}", f"Bo-1 {SHA}"),
        (f"/landed @bo `{SHA[:7].upper()}`", f"bo {SHA[:7]}"),
    ],
)
def test_understood(text: str, argument: str) -> None:
    assert parse(text, "https://github.com") == (Command("landed", argument),)


@pytest.mark.parametrize("text", ["/landed", "/landed bo", "/landed @bo 012345", "/landed @bo main", "/landed @-bo"])
def test_misused(text: str) -> None:
    (one,) = parse(text, "https://github.com")
    assert isinstance(one, Misused)
    assert "`/landed @author 1234abc`" in one.advice


def pushed(hub: Hub, branch: str = "main") -> str:
    made = hub.do("push", messages=["Export, closes #1"], branch=branch, **{"as": "bo"})
    return str(made["commits"][0])


@pytest.mark.parametrize("length", [40, 10])
def test_a_commit_on_the_branch_opens_the_window(hub: Hub, length: int) -> None:
    task = hub.open_task()
    hub.fund(task)
    said = hub.comment(1, f"/landed @bo {pushed(hub)[:length]}", "ana")
    (claim,) = hub.claims(task)
    assert (claim.state, claim.title, hub.reactions(said)) == ("window", "Export, closes #1", ["+1"])


def test_a_commit_elsewhere_is_refused_with_what_to_write(hub: Hub) -> None:
    task = hub.open_task()
    sha = pushed(hub, "wild")
    said = hub.comment(1, f"/landed @bo {sha}", "ana")
    assert (hub.claims(task), hub.reactions(said)) == ([], ["confused"])
    assert f"{sha} is not on `main`. Write `/landed @bo` with a commit that is." in hub.said(1)[-1]


def test_somebody_who_is_not_there_and_somebody_who_did_not_write_it(hub: Hub) -> None:
    task = hub.open_task()
    hub.comment(1, "/landed @nobody-here", "ana")
    assert "There is no @nobody-here." in hub.said(1)[-1]
    sha = pushed(hub)
    hub.comment(1, f"/landed @dara {sha}", "ana")
    assert f"Write `/landed @bo {sha[:10]}`." in hub.said(1)[-1]
    assert hub.claims(task) == []
