"""A world whose branch is looked at for reverts, with a window open; used by the tests of reverts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bountyhub.kit import clock
from bountyhub.ports.forge import CommitInfo, PullRequestInfo, TakenBack
from bountyhub.work.pulls import read_and_record
from bountyhub.work.pushes import read_pushes
from tests.builders.outside import Outside
from tests.builders.world import ANA, BO, EVE, REPOSITORY, World, issue, merged, pull

MERGE = "a" * 40
ROOT = CommitInfo("0" * 40, "Begin", ANA)


class Watched:
    """A world whose branch is looked at: Bo's pull request 40 is merged by himself, so a window is open."""

    def __init__(self, world: World, outside: Outside) -> None:
        self.world, self.forge = world, outside.forge
        self.forge.permissions = world.permissions
        self.forge.issues[12] = issue(is_open=False)
        self.forge.branches["main"] = [ROOT]

    def window(self, **changes: Any) -> None:
        self.world.pay()
        self.world.record_issue(issue(is_open=False))
        self.says(self.done(self.world.linked(), by=BO, **changes))
        assert self.world.claim().state == "window"

    def done(self, opened: PullRequestInfo, **changes: Any) -> PullRequestInfo:
        return replace(merged(opened, **changes), merge_sha=MERGE)

    def says(self, said: PullRequestInfo) -> None:
        self.forge.pulls[said.number] = said
        read_and_record(REPOSITORY.id, said.number)

    def push(self, sha: str, message: str, *takes_back: TakenBack) -> None:
        url = f"{REPOSITORY.url}/commit/{sha}"
        commit = CommitInfo(sha, message, ANA, url=url, at=clock.now(), takes_back=takes_back)
        self.forge.branches["main"].append(commit)

    def look(self) -> None:
        read_pushes(REPOSITORY.id)

    def revert_by_push(self) -> None:
        self.push("b" * 40, 'Revert "Build it 40"', TakenBack(sha=MERGE))
        self.look()

    def revert_by_pull(self, number: int = 50, of: int = 40, sha: str = "c" * 40) -> None:
        opened = pull(number, author=EVE, closes=(), title=f'Revert "{of}"', takes_back=(TakenBack(pull=of),))
        self.says(replace(merged(opened, by=ANA), merge_sha=sha))

    @property
    def state(self) -> str:
        return str(self.world.claim().state)
