"""Cases of reverts: money stays here while the change is off the branch."""

from __future__ import annotations

from bountyhub.kit import clock
from bountyhub.ports.forge import CommitInfo, TakenBack
from bountyhub.work.pushes import read_pushes
from tests.builders.world import BO, REPOSITORY, issue, merged
from tests.cases.hub import Hub


def _pushed(hub: Hub, sha: str, takes_back: TakenBack) -> None:
    """A commit that reverts something is looked at, twice."""
    url = f"{REPOSITORY.url}/commit/{sha}"
    commit = CommitInfo(sha, "Revert", None, url=url, at=clock.now(), takes_back=(takes_back,))
    hub.outside.forge.branches.setdefault("main", []).append(commit)
    for _ in range(2):
        read_pushes(REPOSITORY.id)
    hub.settle()


def _window(hub: Hub) -> None:
    """Bo merges his own pull request, which closes the issue."""
    hub.outside.forge.issues[12] = issue(is_open=False)
    hub.world.record(merged(hub.world.linked(), by=BO))
    hub.world.record_issue(issue(is_open=False))
    hub.settle()


def test_reverted_and_never_merged_again(hub: Hub) -> None:
    """Reverted in its window and never merged again: nobody is paid, and the backer gets everything back."""
    hub.connect()
    contribution = hub.pay(5000)
    _window(hub)
    _pushed(hub, "b" * 40, TakenBack(pull=40))
    assert hub.world.claim().state == "blocked"
    hub.days(15)
    assert (hub.world.claim().state, hub.balances(contribution).get("escrow")) == ("refused", 5000)
    hub.days(15)
    assert (hub.contribution(contribution.id).state, hub.balances(contribution)) == ("closed", {})
    hub.agrees()


def test_reverted_and_merged_again(hub: Hub) -> None:
    """Reverted in its window and merged again: paid after days that begin anew."""
    hub.connect()
    contribution = hub.pay(5000)
    _window(hub)
    hub.days(3)
    _pushed(hub, "b" * 40, TakenBack(pull=40))
    hub.days(5)
    _pushed(hub, "c" * 40, TakenBack(sha="b" * 40))
    hub.days(6)
    assert hub.world.claim().state == "window"
    hub.days(2)
    assert (hub.world.claim().state, hub.contribution(contribution.id).state) == ("released", "closed")
    hub.agrees()


def test_reverted_after_its_release(hub: Hub) -> None:
    """Reverted after its release: what was paid stays paid."""
    hub.connect()
    contribution = hub.pay(5000)
    hub.merge()
    _pushed(hub, "b" * 40, TakenBack(pull=40))
    hub.days(15)
    assert (hub.world.claim().state, hub.contribution(contribution.id).state) == ("released", "closed")
    assert hub.world.claim().reverted_url.endswith("b" * 40)
    hub.agrees()
