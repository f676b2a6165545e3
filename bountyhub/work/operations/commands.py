"""Comment commands: what each does, and the list of them. The forge integration calls `command`."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import audit, outbox
from bountyhub.kit.errors import DomainError
from bountyhub.kit.money import EXPONENTS, parse_amount
from bountyhub.people.operations import Actor, actor_of_identity, note_identities, note_identity
from bountyhub.ports.forge import CommentInfo, LinkSource, Permission, PullRequestInfo
from bountyhub.projects.errors import BlockedHere
from bountyhub.projects.models import Repository
from bountyhub.projects.queries import block_of_account, paying_branches
from bountyhub.tasks.models import Task, TaskState
from bountyhub.tasks.operations import lock_task
from bountyhub.tasks.queries import task_of_issue
from bountyhub.work.errors import CommandRefused
from bountyhub.work.models import Claim, ClaimState
from bountyhub.work.next_step import day
from bountyhub.work.operations.attempt_commands import ATTEMPTING
from bountyhub.work.operations.claims import base_pays, link, people_of
from bountyhub.work.operations.landed import Landed, land
from bountyhub.work.operations.late import confirm_claim, unlink_claim
from bountyhub.work.operations.merges import record_late_link
from bountyhub.work.operations.objections import object_to_claim
from bountyhub.work.operations.splits import Split, split_by_author

HELP = """- `/attempt`, `/unattempt` (any developer): you are on it, or not any more
- `/claim #12` (pull request's author): this pull request stands for the task of issue 12
- `/split @ana 70 @bo 30` (pull request's author, before the merge): who gets how many percent
- `/confirm` (deciders): accept a claim that was not shown before its merge
- `/unlink` (deciders): cut the link of this pull request to its task
- `/landed @author 1234abc` (deciders): the change is on the branch without a merged pull request
- `/object reason` (deciders and backers): object while a window is open
- `/bounty 50 EUR` (anyone): a link to fund this issue
- Too many in a short time are not carried out, which 👀 says: write them again later."""
_CLAIMABLE = (TaskState.OPEN, TaskState.RESERVED)
_LIVE = (ClaimState.LINKED, ClaimState.LATE, ClaimState.WINDOW, ClaimState.BLOCKED)


def command(
    session: Session, *, name: str, argument: str, comment: CommentInfo, repository: Repository,
    permission: Permission, pull: PullRequestInfo | None, known: Landed | Split | None = None,
) -> str:  # fmt: skip
    """Carry one command out; the reply, empty where a reaction says enough. Raises DomainError to be replied."""
    named = known.people if known is not None else []
    note_identities(session, [comment.author, *(people_of(pull) if pull else []), *named])
    actor = actor_of_identity(session, note_identity(session, comment.author))
    if name == "bountyhub":
        return HELP
    if name == "bounty":
        return _bounty(session, repository, comment, argument)
    if name in ATTEMPTING:
        return ATTEMPTING[name](session, actor, repository, comment)
    if name == "claim":
        return _claim(session, actor, repository, comment, argument, pull)
    if name == "split" and isinstance(known, Split):
        return _split(session, actor, repository, pull, known)
    if name == "landed" and isinstance(known, Landed):
        ends = land(session, actor, permission, repository, comment, known).until
        return f"Noted for {known.author.login}." + (f" Objections are possible until {day(ends)}." if ends else "")
    claim = _claim_meant(session, repository, comment, _number(argument) if name != "object" else None)
    if name == "confirm":
        until = confirm_claim(session, claim.id, actor, permission).until
        return f"Confirmed: objections are possible until {day(until)}." if until else ""
    if name == "unlink":
        unlink_claim(session, claim.id, actor, permission)
        return "The link is cut."
    if name == "object":
        object_to_claim(session, claim.id, actor, permission, argument)
        return "Your objection is noted and public."
    raise CommandRefused(f"/{name} is not a command.", advice=f"These are:\n{HELP}")


def _number(argument: str) -> int | None:
    found = re.fullmatch(r"#?(\d{1,9})", argument.strip())
    return int(found[1]) if found else None


def _bounty(session: Session, repository: Repository, comment: CommentInfo, argument: str) -> str:
    task = task_of_issue(session, repository.id, comment.number)
    if task is None or task.state is not TaskState.OPEN:
        raise CommandRefused("This issue is not open to funding.", advice="A maintainer can open it on bountyhub.")
    url = f"{settings.current().PUBLIC_URL}/tasks/{task.id}/fund"
    words = argument.split()
    if not words:
        return f"Fund this issue: {url}"
    currency = words[1].upper() if len(words) > 1 else task.currency
    if currency not in EXPONENTS or currency != task.currency:
        raise CommandRefused(f"This task is funded in {task.currency}.", advice=f"Write `/bounty 50 {task.currency}`.")
    try:
        parse_amount(words[0], currency)
    except ValueError as error:
        raise CommandRefused(str(error), advice=f"Write `/bounty 50 {task.currency}`.") from error
    return f"Fund this issue with {words[0]} {currency}: {url}?amount={words[0]}"


def _claim(
    session: Session, actor: Actor, repository: Repository, comment: CommentInfo, argument: str,
    pull: PullRequestInfo | None,
) -> str:  # fmt: skip
    if pull is None:
        raise CommandRefused("/claim belongs on a pull request.", advice="Comment it on yours, as `/claim #12`.")
    if pull.author.id != comment.author.id:
        raise CommandRefused("Only the author of a pull request can claim with it.", advice="Ask them to.")
    number = _number(argument) or _only_number(pull)
    if number is None:
        raise CommandRefused("Which issue is it for?", advice="Write its number, as `/claim #12`.")
    claim = claim_by_author(session, actor, repository, pull, number)
    return f"This pull request stands for #{number} now." if claim.state is ClaimState.LINKED else ""


def _split(
    session: Session, actor: Actor, repository: Repository, pull: PullRequestInfo | None, split: Split
) -> str:  # fmt: skip
    if pull is None:
        raise CommandRefused("/split belongs on a pull request.", advice="Comment it on yours.")
    split_by_author(session, actor, repository, pull, split)
    return ""


def _only_number(pull: PullRequestInfo) -> int | None:
    numbers = {reference.number for reference, _ in pull.closes if reference.repository == pull.repository}
    return numbers.pop() if len(numbers) == 1 else None


def claim_by_author(
    session: Session, actor: Actor, repository: Repository, pull: PullRequestInfo, number: int
) -> Claim:
    """The author says that a pull request stands for an issue's task; a decider's cut is stronger."""
    found = task_of_issue(session, repository.id, number)
    if found is None or found.state not in _CLAIMABLE:
        raise _no_open_task(number)
    blocked = block_of_account(session, repository.project_id, pull.author.id)
    if blocked is not None:
        raise BlockedHere(blocked.reason)
    if not (pull.is_open or pull.merged):
        raise CommandRefused("This pull request is closed.", advice="Reopen it first.")
    if pull.merged and not base_pays(session, repository, pull):
        paid = ", ".join(f"“{branch}”" for branch in paying_branches(session, repository))
        raise CommandRefused(f"It was merged into “{pull.base}”.", advice=f"Only merges into {paid} are paid.")
    note_identities(session, people_of(pull))
    task = lock_task(session, found.id)
    if task.state not in _CLAIMABLE:  # it ended while we waited for it
        raise _no_open_task(number)
    claim = link(session, task, repository, pull, LinkSource.COMMAND)
    if claim.cut_at is not None:
        raise DomainError("A maintainer cut this link.", advice="Talk to them in the pull request.")
    claim.source = LinkSource.COMMAND if claim.state is ClaimState.LINKED else claim.source
    audit.record(session, actor.name, "claimed", "claim", claim.id)
    record_late_link(session, task, claim, pull)
    outbox.add(session, "forge.read_pull", repository=repository.forge_id, number=pull.number)
    return claim


def _no_open_task(number: int) -> CommandRefused:
    return CommandRefused(f"There is no open task for #{number}.", advice="Check the number of the issue.")


def _claim_meant(session: Session, repository: Repository, comment: CommentInfo, number: int | None) -> Claim:
    """The live claim of the pull request commented on, or the one live claim of the issue."""
    query = select(Claim).join(Task, Task.id == Claim.task_id).where(Claim.state.in_(_LIVE))
    if comment.on_pull_request:
        query = query.where(Claim.repository_id == repository.id, Claim.pull_number == comment.number)
        query = query.where(Task.issue_number == number) if number else query
    else:
        query = query.where(Task.repository_id == repository.id, Task.issue_number == comment.number)
        query = query.where(Claim.pull_number == number) if number else query
    claims = session.scalars(query.order_by(Claim.id)).all()
    decisive = [claim for claim in claims if claim.state is not ClaimState.LINKED] or list(claims)
    if len(decisive) == 1:
        return decisive[0]
    if not decisive:
        raise CommandRefused("There is no claim here that this could be about.", advice="See the task's page.")
    raise CommandRefused("More than one claim could be meant.", advice="Say which: `/confirm #12`, `/unlink #12`.")
