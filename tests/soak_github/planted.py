"""Faults planted in the application while the second play of a history runs; the comparison has to find each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from bountyhub.bot import lookups, obeying, positions, reads, turns
from bountyhub.bot.handlers import HANDLERS, comments
from bountyhub.bot.jobs import checks, reconcile
from bountyhub.events import inbox, outbox
from bountyhub.integrations.github import forge, reading
from bountyhub.kit import ids
from bountyhub.kit.database import reading as database_reading
from bountyhub.kit.database import transaction
from bountyhub.ports.errors import OutsideUnavailable
from bountyhub.work import operations, pulls, pushes
from bountyhub.work.operations import ends, merges
from tests.soak_github.plans import (
    ANYTHING,
    BAD_ANSWERS,
    BAD_ISSUES,
    EDITED,
    MERGED,
    MERGED_CLOSED,
    MOVED,
    OVERTAKEN,
    PUSHED,
    RENAMED,
    REOPENED,
    REVERTED,
    REVERTED_STORM,
    RIVALS,
    TALKED,
    UNHEARD,
    UNHEARD_ISSUES,
    UNHEARD_PLACES,
    Plan,
)

Plant = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True)
class Fault:
    """What is wrong, and how it is planted."""

    name: str
    plant: Plant
    #: Where it must show.
    plan: Plan


FAULTS: list[Fault] = []


def fault(name: str, plan: Plan = ANYTHING) -> Callable[[Plant], Plant]:
    """Register a fault under a name for the table."""

    def register(plant: Plant) -> Plant:
        FAULTS.append(Fault(name, plant, plan))
        return plant

    return register


def several(*plants: AbstractContextManager[object]) -> AbstractContextManager[object]:
    """All of them at once."""
    stack = ExitStack()
    for one in plants:
        stack.enter_context(one)
    return stack


def never(*_: object, **__: object) -> None:
    """Does nothing."""


@fault("reconciliation doesn't look at what was touched", UNHEARD)
def no_scan() -> AbstractContextManager[object]:
    return patch.object(lookups, "watched_repositories", lambda session: [])


@fault("reconciliation reads no pull requests", UNHEARD)
def no_pulls() -> AbstractContextManager[object]:
    right = reconcile._ask

    def wrong(session: Any, kind: str, *given: Any) -> None:
        if kind != "pull":
            right(session, kind, *given)

    return patch.object(reconcile, "_ask", wrong)


@fault("reconciliation reads no issues", UNHEARD_ISSUES)
def no_issues() -> AbstractContextManager[object]:
    right = reconcile._ask

    def wrong(session: Any, kind: str, *given: Any) -> None:
        if kind != "issue":
            right(session, kind, *given)

    return patch.object(reconcile, "_ask", wrong)


@fault("reconciliation doesn't ask after installations", UNHEARD_PLACES)
def no_installations() -> AbstractContextManager[object]:
    return patch.object(lookups, "live_installations", lambda session: [])


@fault("a delivery is known by its event and not by its GUID")
def known_by_event() -> AbstractContextManager[object]:
    right = inbox.receive

    def wrong(session: Any, *, source: str, delivery_id: str, event: str, body: str) -> bool:
        return right(session, source=source, delivery_id=event, event=event, body=body)

    return patch.object(inbox, "receive", wrong)


@fault("every arrival of a delivery is another one, and a command is obeyed each time", TALKED)
def obeyed_twice() -> AbstractContextManager[object]:
    right = inbox.receive

    def wrong(session: Any, *, source: str, delivery_id: str, event: str, body: str) -> bool:
        return right(session, source=source, delivery_id=f"{delivery_id} {ids.new_ref()}", event=event, body=body)

    return several(
        patch.object(inbox, "receive", wrong), patch.object(positions, "take_comment", lambda *_: True),
        patch.object(positions, "handled", lambda *_: set()),
    )  # fmt: skip


@fault("a reply isn't looked for before it is written", BAD_ANSWERS)
def replied_twice() -> AbstractContextManager[object]:
    return patch.object(forge.GitHubForge, "find_own_comment", never)


@fault("a job that fails is given up", BAD_ANSWERS)
def given_up() -> AbstractContextManager[object]:
    def wrong(attempt: Any, error: Exception, name: str) -> None:
        with transaction() as session:
            attempt.done(session)

    return patch.object(outbox, "put_off", wrong)


@fault("an older read is recorded after a newer one", OVERTAKEN)
def out_of_turn() -> AbstractContextManager[object]:
    return patch.object(turns.Turn, "take", never)


@fault("an issue that can't be read is taken for deleted", BAD_ISSUES)
def taken_for_deleted() -> AbstractContextManager[object]:
    right = reads._issue

    def wrong(repository: int, number: int) -> Any:
        try:
            return right(repository, number)
        except OutsideUnavailable:
            return None

    return patch.object(reads, "_issue", wrong)


@fault("a merge is believed to be independent without asking who merged", MERGED)
def always_independent() -> AbstractContextManager[object]:
    return patch.object(merges, "is_independent", lambda facts: True)


@fault("permissions aren't read at the merge", MERGED)
def no_permissions() -> AbstractContextManager[object]:
    return patch.object(pulls, "_permissions", lambda pull: {})


@fault("people are known by their login", RENAMED)
def known_by_login() -> AbstractContextManager[object]:
    right = reading.person

    def wrong(data: Any) -> Any:
        person = right(data)
        return replace(person, id=sum(ord(letter) << 8 * at for at, letter in enumerate(person.login[:7])))

    return patch.object(reading, "person", wrong)


@fault("a repository that left an installation is lost, wherever it went", MOVED)
def transfer_not_followed() -> AbstractContextManager[object]:
    def wrong(installation: int, covered: set[int]) -> dict[int, int | None]:
        with database_reading() as session:
            return {one: None for one in lookups.covered_by(session, installation) if one not in covered}

    return patch.object(reads, "_elsewhere", wrong)


@fault("a suspended installation counts as working", UNHEARD_PLACES)
def suspension_ignored() -> AbstractContextManager[object]:
    right = reading.installation
    return patch.object(reading, "installation", lambda data: replace(right(data), suspended=False))


@fault("an end that was announced isn't taken back", REOPENED)
def never_goes_on() -> AbstractContextManager[object]:
    return patch.object(ends, "_go_on", never)


@fault("reverts that were pushed aren't looked for again", REVERTED)
def reverts_lost() -> AbstractContextManager[object]:
    def wrong(run: Any, repository: int) -> None:
        reads.finish(run)

    return patch.object(reads, "read_pushes", wrong)


@fault("commits count as looked at before they were", REVERTED_STORM)
def head_first() -> AbstractContextManager[object]:
    right = pushes._read_branch

    def wrong(repository: Any, branch: str) -> None:
        with patch.object(pushes, "_hear", never):
            right(repository, branch)

    return patch.object(pushes, "_read_branch", wrong)


@fault("the first merged doesn't win", RIVALS)
def nobody_superseded() -> AbstractContextManager[object]:
    return patch.object(merges, "supersede_others", never)


@fault("a check run is shown for the head that was linked, not for the present one", PUSHED)
def old_head() -> AbstractContextManager[object]:
    return patch.object(merges, "follow_pull", never)


@fault("a lost check run is made again", BAD_ANSWERS)
def check_made_twice() -> AbstractContextManager[object]:
    return patch.object(checks, "_lost", never)


@fault("the status comment is posted again when its answer was lost", BAD_ANSWERS)
def commented_twice() -> AbstractContextManager[object]:
    return patch.object(operations, "try_comment", lambda *_: False)


@fault("an edited comment commands", EDITED)
def edited_commands() -> AbstractContextManager[object]:
    right = reading.comment

    def wrong(data: Any) -> Any:
        return replace(right(data), edited=False)

    return several(
        patch.object(reading, "comment", wrong),
        patch.dict(HANDLERS, {"issue_comment": (frozenset(("created", "edited", "deleted")), comments.changed)}),
        patch.object(positions, "take_comment", lambda *_: True), patch.object(positions, "handled", lambda *_: set()),
        patch.object(obeying, "_refuse_edited", reads.finish),
    )  # fmt: skip


@fault("a closed issue's merges aren't heard of first", MERGED_CLOSED)
def merges_not_heard() -> AbstractContextManager[object]:
    return several(patch.object(reads, "_hear_of_merges", never), patch.object(pulls, "_rivals", lambda pull: []))
