"""Reverts through GitHub's protocol: what texts say, pushes and pull requests, told and not told."""

from __future__ import annotations

import pytest

from bountyhub.bot.reverts import of_message
from bountyhub.integrations.github.reverts import of_pull
from bountyhub.ports.forge import TakenBack
from bountyhub.work.models import ClaimState
from tests.integrations.github.hub import Hub

WEB = "https://github.com"
SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (f'Revert "Mend it"\n\nThis reverts commit {SHA}.', [TakenBack(sha=SHA)]),
        (f"This reverts commit {SHA[:9]}", [TakenBack(sha=SHA[:9])]),
        (f"This reverts commit {SHA}, reversing\nchanges made to {SHA[::-1]}.", [TakenBack(sha=SHA)]),
        ('Revert "Mend it"', [TakenBack(title="Mend it")]),
        ('Revert "Mend it (#12)"', [TakenBack(pull=12)]),
        ('Revert "Mend it" (#50)', [TakenBack(title="Mend it")]),
        ('Revert "Revert "Mend it""', [TakenBack(title='Revert "Mend it"')]),
        ('Reapply "Mend it"', [TakenBack(title='Revert "Mend it"')]),
        (f'Reapply "Mend it"\n\nThis reverts commit {SHA}.', [TakenBack(sha=SHA)]),
        ("This reverts commit 012345", []),
        ("This reverts the commit of yesterday", []),
        (f"Unlike what this reverts: This reverts commit {SHA}", []),
        (f"> This reverts commit {SHA}", []),
        ("Mend it", []),
        ("Reverting is not needed", []),
    ],
)
def test_what_a_commit_says_it_reverts(message: str, found: list[TakenBack]) -> None:
    assert list(of_message(message)) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Reverts ana/inkwell#40", [TakenBack(pull=40)]),
        ("reverts Ana/Inkwell#40", [TakenBack(pull=40)]),
        ("Reverts #40", [TakenBack(pull=40)]),
        ("This reverts #40.", [TakenBack(pull=40)]),
        (f"Reverts {WEB}/ana/inkwell/pull/40", [TakenBack(pull=40)]),
        (f"Why.\n\nThis reverts commit {SHA}.", [TakenBack(sha=SHA)]),
        ("Reverts ana/other#40", []),
        ("> Reverts ana/inkwell#40", []),
        ("`Reverts ana/inkwell#40`", []),
        ("<!-- Reverts ana/inkwell#40 -->", []),
        ("Nothing here reverts ana/inkwell#40", []),
        ("", []),
    ],
)
def test_what_a_pull_request_says_it_reverts(body: str, found: list[TakenBack]) -> None:
    assert list(of_pull("Take it back", body, "ana/inkwell", WEB)) == found


def test_a_title_alone_says_it_too() -> None:
    assert of_pull('Revert "Mend it"', "It broke.", "ana/inkwell", WEB) == (TakenBack(title="Mend it"),)


def window(hub: Hub, method: str = "merge") -> tuple[int, dict[str, object]]:
    """Eve merges her own pull request: nobody independent did."""
    task = hub.open_task()
    hub.fund(task)
    number = hub.pull(**{"as": "eve"}, commits=["One", "Two"])
    hub.deliver()
    done = hub.do("merge", number=number, method=method, **{"as": "eve"})
    assert hub.claims(task)[0].state == "window"
    return task, done


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
@pytest.mark.parametrize("told", [True, False])
def test_the_revert_button_blocks_and_reverting_that_lifts(hub: Hub, method: str, told: bool) -> None:
    task, done = window(hub, method)
    for state in (ClaimState.BLOCKED, ClaimState.WINDOW):
        made = hub.do("revert", number=done["number"], **{"as": "ana"})
        done = hub.github.do("merge", repo="ana/inkwell", number=made["number"], method=method)
        if told:
            hub.deliver(times=3)
        else:
            hub.lose_deliveries()
            hub.sweep("forge.reconcile")
        assert hub.claims(task)[0].state == state


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("named", ["sha", "commit"])
def test_a_pushed_revert_blocks(hub: Hub, told: bool, named: str) -> None:
    task, done = window(hub)
    hub.sweep("forge.reconcile")
    commits = done["commits"]
    assert isinstance(commits, list)
    sha = done["sha"] if named == "sha" else commits[0]
    hub.github.do("push", repo="ana/inkwell", messages=["Other", f"Back\n\nThis reverts commit {sha}."])
    if told:
        hub.deliver(times=2)
    else:
        hub.lose_deliveries()
        hub.sweep("forge.reconcile")
    claim = hub.claims(task)[0]
    assert (claim.state, "/commit/" in claim.reverted_url) == ("blocked", True)
    assert "A revert blocks" in hub.checks(str(done["head_sha"]))[0]["output"]["title"]


def test_a_push_to_another_branch_says_nothing(hub: Hub) -> None:
    task, done = window(hub)
    hub.do("push", branch="wild", messages=[f"This reverts commit {done['sha']}."])
    assert hub.claims(task)[0].state == "window"
