"""Claims before and at the merge: linking, unlinking, superseding, and the small steps every claim verb shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.kit import clock, ids
from bountyhub.kit.errors import NotFound
from bountyhub.people import operations as people
from bountyhub.people.models import Identity
from bountyhub.people.operations import FORGE, Actor
from bountyhub.ports.forge import ForgePerson, LinkSource, PullRequestInfo
from bountyhub.projects.models import Repository
from bountyhub.projects.queries import pays
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import lock_task, show
from bountyhub.work.errors import ClaimRefuses
from bountyhub.work.models import Claim, ClaimState
from bountyhub.work.operations.attempts import count_anew
from bountyhub.work.operations.live_claims import one_fewer, why_one_more_is_uncounted
from bountyhub.work.rules import ClaimEvent, next_state

_LINKABLE = (ClaimState.UNLINKED, ClaimState.CLOSED, ClaimState.SUPERSEDED)


def move(
    session: Session, claim: Claim, event: ClaimEvent, actor: Actor, *, until: datetime | None = None, **detail: str
) -> None:
    """Take a claim through one event of its table; raises ClaimRefuses. `until` is the new state's end."""
    after = next_state(claim.state, event)
    if after is None:
        raise ClaimRefuses(f"This claim is {claim.state}: that is not possible now.")
    audit.record(session, actor.name, f"claim_{event}", "claim", claim.id, old=claim.state, new=after, **detail)
    if claim.state is ClaimState.LINKED and after in (ClaimState.UNLINKED, ClaimState.CLOSED):
        count_anew(session, claim)
    if claim.state is ClaimState.LINKED:
        one_fewer(session, claim)
    claim.state, claim.until = ClaimState(after), until
    show_claim(session, claim)


def show_claim(session: Session, claim: Claim) -> None:
    """Ask for the check run and the issue's comment to be brought up to date."""
    outbox.add(session, "forge.sync_check", key=f"check:{claim.id}", claim=claim.id)
    show(session, session.get_one(Task, claim.task_id))


def lock_claim(session: Session, claim_id: int) -> tuple[Task, Claim]:
    """The claim and its task, locked in that order: task first. Raises NotFound."""
    task_id = session.scalars(select(Claim.task_id).where(Claim.id == claim_id)).first()
    if task_id is None:
        raise NotFound("There is no such claim.")
    task = lock_task(session, task_id)
    return task, session.get_one(Claim, claim_id, with_for_update=True, populate_existing=True)


def claims_of_pull(session: Session, repository: Repository, number: int) -> list[Claim]:
    """Every claim a pull request ever made, by task."""
    query = select(Claim).where(Claim.repository_id == repository.id, Claim.pull_number == number)
    return list(session.scalars(query.order_by(Claim.task_id)))


def claims_of_task(session: Session, task: Task, *states: ClaimState) -> list[Claim]:
    """A task's claims in these states, oldest first."""
    query = select(Claim).where(Claim.task_id == task.id, Claim.state.in_(states)).order_by(Claim.id)
    return list(session.scalars(query))


def link(session: Session, task: Task, repository: Repository, pull: PullRequestInfo, source: LinkSource) -> Claim:
    """The pull request stands for the task from now on; linking again finds the same claim.

    A superseded one can stand for a task that is open again, because its winner was refused.
    """
    query = select(Claim).where(Claim.task_id == task.id, Claim.pull_forge_id == pull.id)
    claim = session.scalars(query.with_for_update()).first()
    if claim is None:
        claim = _new_claim(session, task, repository, pull, source)
    elif claim.state in _LINKABLE and claim.cut_at is None and claim.merged_at is None:
        claim.linked_at, claim.shown_at, claim.source = clock.now(), None, source
        claim.check_digest = ""  # the same words have to be shown anew: the link counts as shown from then on
        claim.uncounted = why_one_more_is_uncounted(session, session.get_one(Identity, claim.author_id), task.id) or ""
        move(session, claim, ClaimEvent.LINKED_AGAIN, FORGE)
    return claim


def _new_claim(
    session: Session, task: Task, repository: Repository, pull: PullRequestInfo, source: LinkSource
) -> Claim:
    author = people.note_identity(session, pull.author)
    claim = Claim(
        ref=ids.new_ref(), task_id=task.id, repository_id=repository.id, pull_forge_id=pull.id,
        pull_number=pull.number, title=pull.title[:500], url=pull.url, author_id=author.id, source=source,
        state=ClaimState.LINKED, draft=pull.draft, base=pull.base, base_counts=base_pays(session, repository, pull),
        head_sha=pull.head_sha, co_authors=len(co_authors(pull)), co_author_ids=sorted(known_co_authors(pull)),
        linked_at=clock.now(), uncounted=why_one_more_is_uncounted(session, author, task.id) or "",
    )  # fmt: skip
    _follow_split(claim, claims_of_pull(session, repository, pull.number))
    session.add(claim)
    session.flush()
    audit.record(session, FORGE.name, "claim_linked", "claim", claim.id, source=source, pull=pull.number)
    if not claim.uncounted:
        outbox.add(session, "notify.claim_linked", claim=claim.id)
    show_claim(session, claim)
    return claim


def _follow_split(claim: Claim, others: Sequence[Claim]) -> None:
    """A pull request that stands for one more task is split there as it is elsewhere."""
    known = next((other for other in others if other.split), None)
    if known is not None:
        claim.split, claim.split_at = dict(known.split), known.split_at


def base_pays(session: Session, repository: Repository, pull: PullRequestInfo) -> bool:
    """Whether the branch a pull request goes into is the default one, or one that its project lists."""
    return pays(session, repository, pull.base, is_default=pull.base_is_default)


def people_of(pull: PullRequestInfo) -> list[ForgePerson]:
    """Whom recording a pull request makes known: note them before any task is locked."""
    return [pull.author, *([pull.merged_by] if pull.merged_by else [])]


def co_authors(pull: PullRequestInfo) -> frozenset[str]:
    """Who else has a part: those the forge knows (by id), and other co-author trailers (by what they say)."""
    names = {name for commit in pull.commits for name in commit.co_authors}
    return frozenset({f"#{id}" for id in known_co_authors(pull)} | names)


def known_co_authors(pull: PullRequestInfo) -> frozenset[int]:
    """Forge ids of the other authors of commits, in their own commits or in trailers."""
    commits = {commit.author.id for commit in pull.commits if commit.author}
    trailers = {id for commit in pull.commits for id in commit.co_author_ids}
    return frozenset(commits | trailers) - {pull.author.id}


def follow_pull(session: Session, claim: Claim, pull: PullRequestInfo) -> None:
    """Take over title, draft, base, head and co-authors of a pull request that isn't merged yet."""
    claim.co_author_ids = sorted(known_co_authors(pull))
    counts = base_pays(session, session.get_one(Repository, claim.repository_id), pull)
    new = (pull.title[:500], pull.draft, pull.base, counts, pull.head_sha, len(co_authors(pull)))
    old = (claim.title, claim.draft, claim.base, claim.base_counts, claim.head_sha, claim.co_authors)
    if new != old:
        claim.title, claim.draft, claim.base, claim.base_counts, claim.head_sha, claim.co_authors = new
        show_claim(session, claim)


def supersede_others(session: Session, task: Task, winner: Claim) -> None:
    """The first merged wins: every other waiting claim of the task is told so."""
    for claim in claims_of_task(session, task, ClaimState.LINKED, ClaimState.LATE):
        if claim.id != winner.id:
            move(session, claim, ClaimEvent.ANOTHER_MERGED, FORGE, winner=winner.ref)
            outbox.add(session, "notify.claim_superseded", claim=claim.id, winner=winner.id)


def has_ready_pull(session: Session, task: Task) -> bool:
    """Whether a pull request whose merge would pay somebody (no draft, no bot's, into a counting branch) stands.

    One beyond its author's three doesn't count: else a flood of them would keep money here.
    """
    linked = [c for c in claims_of_task(session, task, ClaimState.LINKED) if not c.uncounted]
    ready = [c for c in linked if not c.draft and c.base_counts]
    return any(not session.get_one(Identity, claim.author_id).is_bot for claim in ready)


def has_late_claim(session: Session, task: Task) -> bool:
    """Whether a claim that was not shown before its merge waits for a decider."""
    return bool(claims_of_task(session, task, ClaimState.LATE))


def try_check_run(session: Session, claim_id: int, head_sha: str) -> bool:
    """A check run is to be made on a head; whether one may be there already, from a try whose answer was lost."""
    _, claim = lock_claim(session, claim_id)
    before, claim.check_tried = claim.check_tried, head_sha
    return before == head_sha


def record_check_run(session: Session, claim_id: int, *, check_run_id: int, head_sha: str, digest: str) -> None:
    """The forge confirmed a check run: the link is shown from now on."""
    _, claim = lock_claim(session, claim_id)
    claim.check_run_id, claim.check_sha, claim.check_digest = check_run_id, head_sha, digest
    if claim.shown_at is None and claim.state is ClaimState.LINKED:
        claim.shown_at = clock.now()
        audit.record(session, FORGE.name, "claim_shown", "claim", claim.id)
