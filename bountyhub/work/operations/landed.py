"""`/landed @author [commit]`: a change is on the branch without a merged pull request, or a bot's belongs to a person.

A decider who isn't on the author side says so; what the forge knows of the author and the commit is asked before.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bountyhub.events import audit
from bountyhub.kit import clock, ids
from bountyhub.people.models import Identity
from bountyhub.people.operations import Actor, note_identity
from bountyhub.ports.forge import CommentInfo, CommitInfo, ForgePerson, LinkSource, Permission
from bountyhub.projects.models import Repository
from bountyhub.projects.rules import is_decider
from bountyhub.tasks.models import Task, TaskState
from bountyhub.tasks.operations import lock_task
from bountyhub.tasks.operations import move as move_task
from bountyhub.tasks.queries import task_of_issue
from bountyhub.tasks.rules import TaskEvent
from bountyhub.work.errors import CommandRefused, NotADecider
from bountyhub.work.models import Claim, ClaimState
from bountyhub.work.operations.claims import (
    claims_of_pull,
    claims_of_task,
    lock_claim,
    show_claim,
    supersede_others,
)
from bountyhub.work.operations.deciding import require_decider
from bountyhub.work.operations.late import confirm_claim
from bountyhub.work.operations.live_claims import why_one_more_is_uncounted
from bountyhub.work.operations.merges import open_window
from bountyhub.work.operations.releases import pot
from bountyhub.work.rules import ClaimEvent

_CLAIMABLE = (TaskState.OPEN, TaskState.RESERVED)
_NAMEABLE = (ClaimState.LINKED, ClaimState.LATE, ClaimState.CLOSED)
_LANDED = (ClaimState.WINDOW, ClaimState.BLOCKED, ClaimState.WARRANTY, ClaimState.RELEASED)
#: Above every number a comment will have: what was said by a button counts on from here.
BY_BUTTON = 2**62


@dataclass(frozen=True)
class Landed:
    """Who is said to have written a change and, if one was named, its commit, which is on a branch that pays."""

    author: ForgePerson
    commit: CommitInfo | None = None

    @property
    def people(self) -> list[ForgePerson]:
        """Who is named."""
        return [self.author]

    @property
    def shas(self) -> list[str]:
        """The commit, if one was named."""
        return [self.commit.sha] if self.commit else []

    @property
    def spelled(self) -> str:
        """The command that says it."""
        return f"/landed @{self.author.login}" + (f" {self.commit.sha[:10]}" if self.commit else "")


def land(
    session: Session, actor: Actor, permission: Permission, repository: Repository, comment: CommentInfo, said: Landed
) -> Claim:  # fmt: skip
    """Open the window of a change that landed, or name the person of a bot's pull request.

    Raises NotADecider, OnAuthorSide, CommandRefused.
    """
    if not is_decider(permission):
        raise NotADecider()
    _require_author(said)
    author = note_identity(session, said.author)
    if comment.on_pull_request:
        return _on_pull(session, actor, permission, repository, comment, said, author)
    return _on_issue(session, actor, permission, repository, comment, said, author)


def _require_author(said: Landed) -> None:
    """The named author wrote the commit, as far as the forge knows who did."""
    if said.author.is_bot:
        raise CommandRefused("A bot can't be paid.", advice="Name the person who wrote the change.")
    commit = said.commit
    if commit is None or commit.author is None:
        return
    if said.author.id not in (commit.author.id, *commit.co_author_ids):
        right = Landed(commit.author, commit).spelled
        raise CommandRefused(f"That commit is by @{commit.author.login}.", advice=f"Write `{right}`.")


def _on_issue(
    session: Session, actor: Actor, permission: Permission, repository: Repository, comment: CommentInfo, said: Landed,
    author: Identity,
) -> Claim:  # fmt: skip
    found = task_of_issue(session, repository.id, comment.number)
    if found is None:
        raise CommandRefused("This issue has no task here.", advice="Comment on the issue that is funded.")
    task = lock_task(session, found.id)
    if task.state not in _CLAIMABLE:
        raise CommandRefused(f"This task is {task.state}.", advice="Only an open task can be paid for.")
    claim = _row(session, task, repository, comment.id, said, author)
    return _begin(session, task, claim, actor, permission, said)


def land_on_task(session: Session, actor: Actor, permission: Permission, task_id: int, said: Landed) -> Claim:
    """The same by the button on a task's page; the same said twice is one claim.

    Raises NotFound, NotADecider, OnAuthorSide, CommandRefused.
    """
    if not is_decider(permission):
        raise NotADecider()
    _require_author(said)
    author = note_identity(session, said.author)
    task = lock_task(session, task_id)
    every = claims_of_task(session, task, *ClaimState)
    for claim in every:
        if claim.state in _LANDED and (claim.author_id, claim.merge_shas) == (author.id, said.shas):
            return claim
    if task.state not in _CLAIMABLE:
        raise CommandRefused(f"This task is {task.state}.", advice="Only an open task can be paid for.")
    repository = session.get_one(Repository, task.repository_id)
    claim = _row(session, task, repository, BY_BUTTON + len(every), said, author)
    return _begin(session, task, claim, actor, permission, said)


def name_person(session: Session, actor: Actor, permission: Permission, claim_id: int, said: Landed) -> Claim:
    """A bot's pull request belongs to a person, by the button on its page; named twice, it is done once.

    Raises NotFound, NotADecider, OnAuthorSide, CommandRefused.
    """
    if not is_decider(permission):
        raise NotADecider()
    _require_author(said)
    author = note_identity(session, said.author)
    task, claim = lock_claim(session, claim_id)
    if claim.author_id == author.id:
        return claim
    written_by = session.get_one(Identity, claim.author_id)
    if not written_by.is_bot:
        raise CommandRefused(
            f"This pull request is by @{written_by.login}.", advice="Only a bot's is given to somebody."
        )
    if claim.state not in _NAMEABLE:
        raise CommandRefused(f"This claim is {claim.state}.", advice="Its time to name somebody is over.")
    return _name(session, task, claim, actor, permission, said, author)


def _row(session: Session, task: Task, repository: Repository, mark: int, said: Landed, author: Identity) -> Claim:
    """A claim without a pull request: it bears the issue's number, which no pull request has.

    `mark`: the comment's number at the forge, or another that no comment has: below zero it is no pull request's.
    """
    number = task.issue_number
    commit = said.commit
    title = commit.message.partition("\n")[0] if commit else f"What @{author.login} wrote for #{number}"
    claim = Claim(
        ref=ids.new_ref(), task_id=task.id, repository_id=repository.id, pull_forge_id=-mark,
        pull_number=number, title=title[:500],
        url=(commit.url if commit else "") or f"{repository.url}/issues/{number}",
        author_id=author.id, source=LinkSource.LANDED, state=ClaimState.UNLINKED, draft=False,
        base=repository.default_branch, base_counts=True, head_sha=commit.sha if commit else "",
        co_author_ids=[], linked_at=clock.now(),
    )  # fmt: skip
    session.add(claim)
    session.flush()
    return claim


def _on_pull(
    session: Session, actor: Actor, permission: Permission, repository: Repository, comment: CommentInfo, said: Landed,
    author: Identity,
) -> Claim:  # fmt: skip
    """Its task is the one it stands, or stood, for."""
    found = [claim for claim in claims_of_pull(session, repository, comment.number) if claim.state in _NAMEABLE]
    if len(found) != 1:
        raise CommandRefused("Which task is it for?", advice=f"Write `{said.spelled}` on its issue.")
    task, claim = lock_claim(session, found[0].id)
    written_by = session.get_one(Identity, claim.author_id)
    if written_by.is_bot:
        return _name(session, task, claim, actor, permission, said, author)
    if written_by.id != author.id:
        right = f"/landed @{written_by.login}"
        raise CommandRefused(f"This pull request is by @{written_by.login}.", advice=f"Write `{right}`.")
    if claim.state is ClaimState.LATE:
        raise CommandRefused("It was merged.", advice="Write `/confirm`.")
    return _begin(session, task, claim, actor, permission, said)


def _name(
    session: Session, task: Task, claim: Claim, actor: Actor, permission: Permission, said: Landed, author: Identity
) -> Claim:
    """A bot's pull request belongs to this person: before its merge it is shown anew, after it its window begins."""
    if claim.state is ClaimState.LINKED:  # it counts among theirs from now on, not among the bot's
        claim.uncounted = why_one_more_is_uncounted(session, author, task.id) or ""
    claim.author_id = author.id
    session.flush()
    require_decider(session, claim, actor, permission)
    audit.record(session, actor.name, "claim_named", "claim", claim.id, author=author.id)
    if claim.state is ClaimState.LATE:
        return confirm_claim(session, claim.id, actor, permission)
    if claim.state is ClaimState.CLOSED:
        return _begin(session, task, claim, actor, permission, said)
    claim.shown_at, claim.check_digest = None, ""
    show_claim(session, claim)
    return claim


def _begin(
    session: Session, task: Task, claim: Claim, actor: Actor, permission: Permission, said: Landed
) -> Claim:  # fmt: skip
    """The window: as for a merge that nobody independent made."""
    commit = said.commit
    if commit is not None:
        wrote = {*commit.co_author_ids, *([commit.author.id] if commit.author else [])} - {said.author.id}
        claim.co_author_ids, claim.co_authors = sorted(wrote), len(wrote) + len(commit.co_authors)
        claim.merge_shas = said.shas
    session.flush()
    require_decider(session, claim, actor, permission)
    if task.state not in _CLAIMABLE:
        raise CommandRefused(f"This task is {task.state}.", advice="Only an open task can be paid for.")
    claim.merged_at, claim.independent, claim.held_at_merge = clock.now(), False, pot(session, task)
    move_task(session, task, TaskEvent.CLAIM_MERGED, actor)
    open_window(session, task, claim, ClaimEvent.LANDED, clock.now())
    supersede_others(session, task, claim)
    return claim
