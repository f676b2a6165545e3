"""From a re-read pull request to links, unlinks and merges. The forge integration and every due work call it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import outbox
from bountyhub.funding.operations import ask_noticed
from bountyhub.funding.operations.promises import of_task
from bountyhub.kit import clock
from bountyhub.people import operations as people
from bountyhub.people.models import Identity
from bountyhub.people.operations import FORGE
from bountyhub.ports.forge import LinkSource, Permission, PullRequestInfo
from bountyhub.projects import queries as projects
from bountyhub.projects.models import Repository
from bountyhub.projects.rules import is_maintainer
from bountyhub.tasks.models import EndsReason, Task, TaskState
from bountyhub.tasks.operations import keep_going, lock_task, lock_tasks
from bountyhub.tasks.operations import move as move_task
from bountyhub.tasks.rules import TaskEvent
from bountyhub.work.models import Claim, ClaimState, Revert
from bountyhub.work.operations.claims import (
    base_pays,
    claims_of_pull,
    co_authors,
    follow_pull,
    known_co_authors,
    link,
    move,
    people_of,
    supersede_others,
)
from bountyhub.work.operations.releases import held, lives, lock_held, pot, release_claim, window_of
from bountyhub.work.rules import LATE, ClaimEvent, MergeFacts, is_independent, merge_event, was_shown, window_until
from bountyhub.work.rules_split import weights

_CLAIMABLE = (TaskState.OPEN, TaskState.RESERVED)


def record_pull_request(session: Session, pull: PullRequestInfo, permissions: dict[int, Permission]) -> None:
    """Everything a pull request says about tasks now: links, unlinks, draft, base, closed, merged.

    `permissions`: forge id → permission of the merger and the approving reviewers, read with the merge.
    """
    lock_for(session, [pull])
    repository = projects.repository_by_forge_id(session, pull.repository)
    if repository is None:
        return
    named = _named_tasks(session, repository, pull)
    for task_id in sorted(_tasks_of(session, repository, pull)):
        _apply(session, lock_task(session, task_id), repository, pull, named.get(task_id), permissions)


def lock_for(session: Session, pulls: Sequence[PullRequestInfo]) -> None:
    """Everything that recording these in one transaction needs: people first, then tasks, then their money."""
    tasks: set[int] = set()
    for pull in pulls:
        repository = projects.repository_by_forge_id(session, pull.repository)
        if repository is not None:
            tasks |= _tasks_of(session, repository, pull)
    if not tasks:
        return
    people.note_identities(session, [person for pull in pulls for person in people_of(pull)])
    lock_tasks(session, tasks)
    if any(pull.merged for pull in pulls):
        lock_held(session, tasks)


def _tasks_of(session: Session, repository: Repository, pull: PullRequestInfo) -> set[int]:
    """Tasks that a pull request closes, or once stood for."""
    known = {claim.task_id for claim in claims_of_pull(session, repository, pull.number)}
    return known | _named_tasks(session, repository, pull).keys()


def _named_tasks(session: Session, repository: Repository, pull: PullRequestInfo) -> dict[int, LinkSource]:
    """Tasks of the same project whose issues the pull request closes; other projects' issues never count.

    Nor does what was merged before the task was made: the forge's clock names whole seconds.
    """
    until = (pull.merged_at or clock.now()) + timedelta(seconds=1)
    named: dict[int, LinkSource] = {}
    for reference, source in pull.closes:
        query = (
            select(Task.id)
            .join(Repository, Task.repository_id == Repository.id)
            .where(Repository.forge_id == reference.repository, Repository.project_id == repository.project_id)
            .where(Task.issue_number == reference.number, Task.state.in_(_CLAIMABLE), Task.created_at <= until)
        )
        for task_id in session.scalars(query):
            named.setdefault(task_id, source)
    return named


def _apply(
    session: Session, task: Task, repository: Repository, pull: PullRequestInfo, source: LinkSource | None,
    permissions: dict[int, Permission],
) -> None:  # fmt: skip
    claim = _claim_of(session, task, pull)
    if claim is not None and source is None and claim.source is LinkSource.COMMAND:
        source = LinkSource.COMMAND  # what /claim linked isn't in the text, so its absence there says nothing
    if source is not None and task.state in _CLAIMABLE and _may_stand(session, repository, pull, claim):
        claim = link(session, task, repository, pull, source)
    if claim is None or claim.merged_at is not None:
        return
    if pull.merged:
        _merged(session, task, claim, pull, permissions, named=source is not None)
    elif source is None:
        _unlink(session, claim)
    elif not pull.is_open:
        _close(session, claim)
    else:
        follow_pull(session, claim, pull)


def _may_stand(session: Session, repository: Repository, pull: PullRequestInfo, claim: Claim | None) -> bool:
    """Whether it may be linked now. Of somebody blocked nothing new is, but a maintainer's merge is the stronger word:
    as it was not shown before, it waits for a decider."""
    if pull.merged:
        return base_pays(session, repository, pull)
    if not pull.is_open:
        return False
    stands = claim is not None and claim.state is ClaimState.LINKED
    return stands or projects.block_of_account(session, repository.project_id, pull.author.id) is None


def _claim_of(session: Session, task: Task, pull: PullRequestInfo) -> Claim | None:
    query = select(Claim).where(Claim.task_id == task.id, Claim.pull_forge_id == pull.id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()


def _unlink(session: Session, claim: Claim) -> None:
    if claim.state in (ClaimState.LINKED, ClaimState.CLOSED):
        move(session, claim, ClaimEvent.UNLINKED, FORGE)


def _close(session: Session, claim: Claim) -> None:
    if claim.state is ClaimState.LINKED:
        move(session, claim, ClaimEvent.PULL_CLOSED, FORGE)


def _merged(
    session: Session, task: Task, claim: Claim, pull: PullRequestInfo, permissions: dict[int, Permission], *,
    named: bool,
) -> None:  # fmt: skip
    """`named`: the link still stands in the text. Taken out, nobody knows if before the merge: a decider says."""
    if claim.state is not ClaimState.LINKED:
        return
    follow_pull(session, claim, pull)
    if not claim.base_counts or task.state not in _CLAIMABLE:
        move(session, claim, ClaimEvent.PULL_CLOSED, FORGE, base=pull.base)
        return
    facts = _facts(pull, permissions, _side(session, claim))
    claim.merged_at, claim.independent = pull.merged_at or clock.now(), is_independent(facts)
    claim.merge_shas = [sha for sha in (pull.merge_sha, *(commit.sha for commit in pull.commits)) if sha]
    claim.merged_by_id = people.note_identity(session, pull.merged_by).id if pull.merged_by else None
    _end_notices(session, task, claim.merged_at)
    claim.held_at_merge = pot(session, task)
    event = merge_event(
        shown=named and was_shown(claim.shown_at, claim.merged_at, _said_last(claim)),
        independent=claim.independent,
        co_authors=bool(co_authors(pull)) and not claim.split,
        bot=session.get_one(Identity, claim.author_id).is_bot,
        held=claim.held_at_merge > 0 or bool(of_task(session, task.id)),
    )
    _decide(session, task, claim, event)


def _end_notices(session: Session, task: Task, merged_at: datetime) -> None:
    """Only a merge before a notice's end wins against it, however late either of them is recorded."""
    for piece in held(session, task):
        until = piece.contribution.notice_until
        if until is not None and until <= merged_at:
            ask_noticed(session, piece.contribution)


def record_late_link(session: Session, task: Task, claim: Claim, pull: PullRequestInfo) -> None:
    """A link made when the merge was over was not shown before it, though the forge's clock may name one second.

    Called with the task locked, before a check run can be shown.
    """
    if pull.merged and claim.shown_at is None:
        _merged(session, task, claim, pull, {}, named=True)


def _said_last(claim: Claim) -> datetime:
    """When the link or its split was last changed: one that came after the merge was not shown before it."""
    return max(claim.linked_at, claim.split_at or claim.linked_at)


def _side(session: Session, claim: Claim) -> frozenset[int]:
    """Forge ids of whoever is paid: the author (or who was named for a bot's pull request), and who is in the split."""
    paid = weights(claim.split, claim.author_id).keys() | {claim.author_id}
    return frozenset(session.scalars(select(Identity.forge_id).where(Identity.id.in_(paid))))


def _facts(pull: PullRequestInfo, permissions: dict[int, Permission], paid: frozenset[int]) -> MergeFacts:
    """`paid`: who gets something of it, by forge id."""
    merger = pull.merged_by
    if merger is not None and merger.is_bot:
        merger = pull.enqueued_by or merger  # a queue merges what somebody put into it
    return MergeFacts(
        author=pull.author.id,
        co_authors=known_co_authors(pull) | paid,
        merged_by=merger.id if merger else None,
        merged_by_bot=merger.is_bot if merger else False,
        approvers=frozenset(r.person.id for r in pull.approvals if r.sha == pull.head_sha and not r.person.is_bot),
        maintainers=frozenset(id for id, permission in permissions.items() if is_maintainer(permission)),
    )


def _decide(session: Session, task: Task, claim: Claim, event: ClaimEvent) -> None:
    now = clock.now()
    if event is ClaimEvent.MERGED_LATE:
        move(session, claim, event, FORGE, until=now + LATE)
        if task.ends_reason is EndsReason.ISSUE_CLOSED:
            keep_going(session, task, FORGE)
        outbox.add(session, "notify.claim_late", claim=claim.id)
        return
    move_task(session, task, TaskEvent.CLAIM_MERGED, FORGE)
    if event is ClaimEvent.MERGED_WINDOW:
        open_window(session, task, claim, event, now)
    else:
        move(session, claim, event, FORGE)
    supersede_others(session, task, claim)
    if event is not ClaimEvent.MERGED_WINDOW:
        release_claim(session, task, claim, FORGE)


def open_window(session: Session, task: Task, claim: Claim, event: ClaimEvent, now: datetime) -> None:
    """The days in which entitled people may object begin: seven, fewer where the money's life ends soon."""
    pieces = held(session, task, lock=False)
    claim.window_until = window_until(now, lives(pieces), window_of(pieces))
    move(session, claim, event, FORGE, until=claim.window_until)
    outbox.add(session, "notify.window_opened", claim=claim.id)
    if session.scalars(select(Revert.id).where(Revert.claim_id == claim.id).limit(1)).first() is not None:
        outbox.add(session, "work.look_at_reverts", claim=claim.id)
