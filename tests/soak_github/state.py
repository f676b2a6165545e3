"""Both sides as they stand, in words that don't depend on how it came to be: what two plays of a history must share.

Ids and random names that depend on the order of events are replaced by what they stand for; moments of ours by their
day, because all that belongs to one round happens on one day.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.bot import texts
from bountyhub.funding.models import Contribution
from bountyhub.kit.database import reading
from bountyhub.ledger.models import Account
from bountyhub.payouts.models import Share
from bountyhub.people.models import Identity
from bountyhub.ports.forge import LinkSource
from bountyhub.projects.models import Installation, Repository
from bountyhub.sandbox.github.world import BOT_LOGIN, World
from bountyhub.tasks.models import OVER, Task
from bountyhub.work.models import Claim, ClaimState, Objection, Release, Revert, StatusComment
from tests.soak_github.instance import Instance

State = dict[str, Any]
#: Whether it is on an issue is compared at GitHub; when we hear again of our own doing doesn't matter.
OUR_LABEL = "funded"
_CLAIM, _LINK = re.compile(r"/claims/(\d+)"), re.compile(r"- \[#")
#: Nobody tells us that a login was renamed: a text names people as they were last heard of.
_LOGIN = re.compile(r"\b([a-z]+)-no\d+\b")
#: Claims in these states stand for nothing: what the merge box of theirs says last is nobody's business.
GONE = (ClaimState.UNLINKED, ClaimState.CLOSED)
#: Nor is what it says of a change that came to nothing; it isn't renewed when the task goes on without it.
NOTHING_MORE = (*GONE, ClaimState.SUPERSEDED, ClaimState.REFUSED, ClaimState.UNDONE)


def state(instance: Instance) -> State:
    """Everything, as one flat table."""
    found: State = {}
    with reading() as session:
        for part in (_tasks, _money, _claims, _places):
            found.update(part(session))
        heads = _heads(session)
        names = {str(claim.id): _name(session, claim) for claim in session.scalars(select(Claim))}
    with instance.world() as world:
        found.update(_said(world, names))
        found.update(_checks(world, heads, names))
        found.update(_answers(world, instance.comments))
    return found


def unlike(one: State, other: State) -> list[str]:
    """What differs, a line each."""
    keys = sorted({*one, *other})
    return [
        f"{key}: {one.get(key)} / {other.get(key)}" for key in keys if one.get(key) != other.get(key)
    ]  # fmt: skip


def day(at: datetime | None) -> str:
    """Its day."""
    return "" if at is None else f"{at:%Y-%m-%d}"


def _merged(at: datetime | None) -> str:
    """What landed without a merge has no moment of GitHub's, whose moments are whole seconds."""
    return str(at) if at is not None and not at.microsecond else day(at)


def _tasks(session: Session) -> Iterator[tuple[str, Any]]:
    """Of a task that is over nobody looks again at what its issue says."""
    for place, task in enumerate(session.scalars(select(Task).order_by(Task.id))):
        home = session.get_one(Repository, task.repository_id)
        yield f"task {place}", {
            "issue": (home.forge_id, task.issue_number), "state": str(task.state),
            "ends": (day(task.ends_at), str(task.ends_reason)), "round of": task.previous_id is not None,
        }  # fmt: skip
        if task.state in OVER:
            continue
        labels = sorted(set(task.labels) - {OUR_LABEL})
        yield f"task {place}, its issue", (task.issue_open, task.issue_exists, task.title, labels)
        here = (StatusComment.repository_id == home.id) & (StatusComment.issue_number == task.issue_number)
        for row in session.scalars(select(StatusComment).where(here)):
            about = (row.comment_id is not None, str(row.removed), row.locked, str(row.label))
            yield f"task {place}, its comment", about


def _money(session: Session) -> Iterator[tuple[str, Any]]:
    places = {
        ref: place for place, ref in enumerate(session.scalars(select(Contribution.ref).order_by(Contribution.id)))
    }
    balances: dict[str, Counter[str]] = {}
    for account in session.scalars(select(Account)):
        whose = f"money of contribution {places[account.contribution]}" if account.contribution in places else "money"
        balances.setdefault(whose, Counter())[f"{account.kind} {account.currency}"] += account.balance
    for whose, kinds in balances.items():
        yield whose, {kind: amount for kind, amount in sorted(kinds.items()) if amount}
    for place, one in enumerate(session.scalars(select(Contribution).order_by(Contribution.id))):
        yield f"contribution {place}", (str(one.state), day(one.notice_until), day(one.leave_by))


def _claims(session: Session) -> Iterator[tuple[str, Any]]:
    """A pull request is followed while it stands for something."""
    for claim in session.scalars(select(Claim)):
        name, by, author = _name(session, claim), claim.merged_by_id, _forge_id(session, claim.author_id)
        yield name, {
            "state": _state(session, claim), "shown": claim.shown_at is not None, "author": author,
            "command": claim.source is LinkSource.COMMAND, "cut": day(claim.cut_at), "merged": _merged(claim.merged_at),
            "independent": claim.independent, "by": _forge_id(session, by) if by else None, "until": day(claim.until),
            "window": day(claim.window_until), "reverted": bool(claim.reverted_url), "held": claim.held_at_merge,
            "released": day(claim.released_at),
        }  # fmt: skip
        if claim.state not in GONE:
            about = (claim.title, claim.draft, claim.base, claim.base_counts, claim.head_sha, claim.co_author_ids)
            yield f"{name}, its pull request", about
        yield f"{name}, its money", _parts(session, claim)
        yield f"{name}, its troubles", _troubles(session, claim)


def _state(session: Session, claim: Claim) -> str:
    """Once its task is over, a closed pull request that is read again is simply unlinked."""
    over = session.get_one(Task, claim.task_id).state in OVER
    return "gone" if over and claim.state in GONE else str(claim.state)


def _forge_id(session: Session, identity: int) -> int:
    return session.get_one(Identity, identity).forge_id


def _parts(session: Session, claim: Claim) -> Any:
    """Amounts of its releases and shares."""
    shares = session.scalars(select(Share).where(Share.claim_id == claim.id))
    owed = sorted((_forge_id(session, one.identity_id), one.amount, str(one.state)) for one in shares)
    return sorted(session.scalars(select(Release.amount).where(Release.claim_id == claim.id))), owed


def _troubles(session: Session, claim: Claim) -> Any:
    """Objections and reverts."""
    objections = session.scalars(select(Objection).where(Objection.claim_id == claim.id))
    reverts = session.scalars(select(Revert).where(Revert.claim_id == claim.id))
    return (
        sorted((one.by_decider, one.by_revert, str(one.state), day(one.until)) for one in objections),
        sorted((row.pull_number or 0, row.title, row.of_id != 0) for row in reverts),
    )


def _name(session: Session, claim: Claim) -> str:
    home = session.get_one(Repository, claim.repository_id).forge_id
    place = session.scalar(select(func.count(Task.id)).where(Task.id < claim.task_id))
    return f"claim {home}!{claim.pull_number} of task {place}"


def _places(session: Session) -> Iterator[tuple[str, Any]]:
    installations = {row.id: row for row in session.scalars(select(Installation))}
    for row in installations.values():
        there = "removed" if row.removed_at else "suspended" if row.suspended_at else "there"
        yield f"installation {row.forge_id}", (there, row.account_forge_id, sorted(row.missing))
    for repo in session.scalars(select(Repository)):
        on = installations[repo.installation_id].forge_id if repo.installation_id else None
        about = (repo.full_name, repo.default_branch, repo.private, repo.archived, on)
        yield f"repository {repo.forge_id}", about


def _heads(session: Session) -> list[tuple[int, int, str]]:
    """(repository, number, head) of pull requests whose merge box must say something."""
    query = select(Repository.forge_id, Claim.pull_number, Claim.head_sha).join(
        Claim, Claim.repository_id == Repository.id
    )
    return sorted({(row[0], row[1], row[2]) for row in session.execute(query.where(Claim.state.not_in(GONE)))})


def _words(text: str, names: dict[str, str]) -> str:
    """A text of the bot with claims by what they are, in any order."""
    named = _CLAIM.sub(lambda found: f"/claims/{names[found[1]]}", _LOGIN.sub(r"\1", text))
    lines = named.split("\n")
    return "\n".join([*(one for one in lines if not _LINK.match(one)), *sorted(filter(_LINK.match, lines))])


def _said(world: World, names: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """Issues as they are, with the bot's own words on them, without the numbers that depend on the order."""
    bot = world.named(BOT_LOGIN)["id"]
    own: dict[str, list[str]] = {}
    for doc in world.tx.all("gh_comment"):
        if doc["author"] == bot:
            own.setdefault(f"{doc['repo']}/{doc['number']}", []).append(doc["body"])
    for doc in world.tx.all("gh_issue"):
        repo = world.tx.get("gh_repo", str(doc["repo"])) or {"labels": []}
        labels = sorted(one["name"] for one in repo["labels"] if one["id"] in doc["labels"])
        said = own.get(f"{doc['repo']}/{doc['number']}", [])
        status = [_words(text, names) for text in said if texts.MARKER in text]
        yield f"issue {doc['repo']}#{doc['number']}", {
            "state": doc["state"], "labels": labels, "pull": doc["pull"] is not None, "status": status,
            "other words": len(said) - len(status),
        }  # fmt: skip


def _checks(world: World, heads: list[tuple[int, int, str]], names: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """GitHub shows the newest of a name; a former one may be about a task that isn't linked any more."""
    for repo, number, sha in heads:
        runs = world.tx.all("gh_check", ref=f"{repo}/{sha}")
        said = [
            (_words(run["output"]["title"], names), _words(run["output"]["summary"], names), run["conclusion"])
            for run in runs
        ]
        yield f"checks of {repo}!{number}", said


def _answers(world: World, comments: dict[str, int]) -> Iterator[tuple[str, Any]]:
    bot = world.named(BOT_LOGIN)["id"]
    said = [doc for doc in world.tx.all("gh_comment") if doc["author"] == bot]
    for name, id in comments.items():
        doc, marker = world.tx.get("gh_comment", str(id)), texts.reply_marker(id)
        replies = [re.sub(re.escape(marker), "", one["body"]).strip() for one in said if marker in one["body"]]
        reactions = sorted(one["content"] for one in doc["reactions"]) if doc else None
        yield f"answer to {name}", (replies, reactions)
