"""Mails about work: claims, windows, objections, releases, payments, ends of tasks."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events.registry import Run, job
from bountyhub.kit.database import transaction
from bountyhub.kit.money import plain
from bountyhub.notifications.about import About, about, author, backers, developer, givers, maintainers
from bountyhub.notifications.mails import write
from bountyhub.payouts.models import Redirect, Share, ShareState
from bountyhub.payouts.own_money import public_of
from bountyhub.people.models import Identity
from bountyhub.ports.forge import LinkSource
from bountyhub.tasks.models import EndsReason
from bountyhub.work.models import Claim, Objection
from bountyhub.work.next_step import day


def _tell(session: Session, key: str, to: list[str | None], subject: str, paragraphs: list[str], facts: About) -> None:
    for address in to:
        ending = [facts.next_line, f"The task: {facts.url}"]
        write(session, key=key, to=address, subject=subject, paragraphs=[*paragraphs, *ending])


@job("notify.claim_linked", queue="mail")
def claim_linked(run: Run, claim: int) -> None:
    """A pull request stands for the task: its maintainers and its author are told."""
    with transaction() as session:
        row = session.get_one(Claim, claim)
        facts, who = about(session, row.task_id), author(session, row)
        to = [*maintainers(session, facts.task), developer(session, row.author_id)]
        said = [f"@{who.login} opened pull request #{row.pull_number}, “{row.title}”, for {facts.name}:\n{row.url}"]
        _tell(session, f"linked:{row.ref}", to, f"Pull request #{row.pull_number} for {facts.name}", said, facts)
        run.done(session)


@job("notify.claim_late", queue="mail")
def claim_late(run: Run, claim: int) -> None:
    """A merge whose link was not shown before waits for a decider."""
    with transaction() as session:
        row = session.get_one(Claim, claim)
        facts, who = about(session, row.task_id), author(session, row)
        page = f"{settings.current().PUBLIC_URL}/claims/{row.id}"
        said = [
            f"Pull request #{row.pull_number} by @{who.login} was merged, but its link to {facts.name} was not shown "
            f"before. A maintainer who is not its author confirms or refuses it here:\n{page}"
        ]
        to = [*maintainers(session, facts.task), developer(session, row.author_id)]
        _tell(session, f"late:{row.ref}", to, f"Please confirm: #{row.pull_number} for {facts.name}", said, facts)
        run.done(session)


@job("notify.window_opened", queue="mail")
def window_opened(run: Run, claim: int) -> None:
    """The days to object began."""
    with transaction() as session:
        row = session.get_one(Claim, claim)
        facts, who = about(session, row.task_id), author(session, row)
        page = f"{settings.current().PUBLIC_URL}/claims/{row.id}"
        until = f" until {day(row.until)}" if row.until else ""
        said = [
            f"{_merged(row)} by @{who.login} was merged for {facts.name}. {_why_window(row)}, backers "
            f"and maintainers can object{until}:\n{page}"
        ]
        to = [*backers(session, row.task_id), *maintainers(session, facts.task), developer(session, row.author_id)]
        subject = f"Merged, objections are possible: {facts.name}"
        _tell(session, f"window:{row.ref}:{row.until}", to, subject, said, facts)
        run.done(session)


def _merged(claim: Claim) -> str:
    return "A change" if claim.source is LinkSource.LANDED else f"Pull request #{claim.pull_number}"


def _why_window(claim: Claim) -> str:
    if claim.source is LinkSource.LANDED:
        return f"Because that was without a pull request ({claim.url})"
    if not claim.independent:
        return "Because nobody independent merged or approved it"
    if claim.co_authors:
        return "Because it has more than one author"
    return "Because its link was not shown before the merge"


@job("notify.claim_refused", queue="mail")
def claim_refused(run: Run, claim: int) -> None:
    """A claim came to nothing."""
    with transaction() as session:
        row = session.get_one(Claim, claim)
        facts = about(session, row.task_id)
        said = [f"Pull request #{row.pull_number} does not stand for {facts.name} any more."]
        to = [developer(session, row.author_id), *maintainers(session, facts.task)]
        _tell(session, f"refused:{row.ref}", to, f"Claim ended: #{row.pull_number} for {facts.name}", said, facts)
        run.done(session)


@job("notify.claim_superseded", queue="mail")
def claim_superseded(run: Run, claim: int, winner: int) -> None:
    """Another pull request was merged first: the author of this one is told."""
    with transaction() as session:
        row, first = session.get_one(Claim, claim), session.get_one(Claim, winner)
        facts, who = about(session, row.task_id), author(session, first)
        said = [
            f"Pull request #{first.pull_number} by @{who.login} was merged for {facts.name}, so "
            f"#{row.pull_number} of yours does not stand for it any more. "
            "If nobody is paid for that one, it does again."
        ]
        to = [developer(session, row.author_id)]
        subject = f"Another pull request was merged: {facts.name}"
        _tell(session, f"superseded:{row.ref}:{first.ref}", to, subject, said, facts)
        run.done(session)


@job("notify.objected", queue="mail")
def objected(run: Run, objection: int) -> None:
    """Somebody objected: everybody concerned is told the reason."""
    with transaction() as session:
        row = session.get_one(Objection, objection)
        claim = session.get_one(Claim, row.claim_id)
        facts = about(session, claim.task_id)
        page = f"{settings.current().PUBLIC_URL}/claims/{claim.id}"
        kind = "A maintainer" if row.by_decider else "A backer"
        said = [f"{kind} objects to paying #{claim.pull_number} for {facts.name}: “{row.reason}”", page]
        if row.by_revert:
            said = [f"Paying #{claim.pull_number} for {facts.name} waits. {row.reason}", page]
        to = [*backers(session, claim.task_id), *maintainers(session, facts.task), developer(session, claim.author_id)]
        _tell(session, f"objected:{row.id}", to, f"Objection: {facts.name}", said, facts)
        run.done(session)


@job("notify.objection_settled", queue="mail")
def objection_settled(run: Run, objection: int) -> None:
    """An objection was withdrawn, upheld or overruled."""
    with transaction() as session:
        row = session.get_one(Objection, objection)
        claim = session.get_one(Claim, row.claim_id)
        facts = about(session, claim.task_id)
        reason = f": “{row.settled_reason}”" if row.settled_reason else "."
        said = [f"The objection to #{claim.pull_number} for {facts.name} was {row.state}{reason}"]
        to = [*backers(session, claim.task_id), *maintainers(session, facts.task), developer(session, claim.author_id)]
        _tell(session, f"settled:{row.id}", to, f"Objection {row.state}: {facts.name}", said, facts)
        run.done(session)


@job("notify.released", queue="mail")
def released(run: Run, share: int) -> None:
    """The merge paid: developer, backers and maintainers get their statement."""
    with transaction() as session:
        row = session.get_one(Share, share)
        facts, payee = about(session, row.task_id), session.get_one(Identity, row.identity_id)
        _tell_of_release(session, row, payee, facts)
        account = f"{settings.current().PUBLIC_URL}/me"
        mine = [
            f"Your pull request for {facts.name} was merged, and {plain(row.money)} are yours.",
            f"Connect a payout account to receive it: {account}"
            if row.state is ShareState.KEPT
            else f"Follow it on your page: {account}",
        ]
        subject = f"You earned {plain(row.money)}"
        _tell(session, f"earned:{row.ref}", [developer(session, payee.id)], subject, mine, facts)
        run.done(session)


def _tell_of_release(session: Session, share: Share, payee: Identity, facts: About) -> None:
    verb = "are kept for" if share.state is ShareState.KEPT else "were released to"
    what = f"{plain(share.money)} {verb} @{payee.login}"
    own = "".join(f" {each}" for each in public_of(session, [share]))
    key, said = f"released:{share.ref}", f"{facts.name} was merged: {what}.{own}"
    for address, part in givers(session, share).items():
        built = [f"{said} {plain(part)} of it were yours: thank you."]
        if share.state is not ShareState.KEPT:
            built.append("Your statement is on your contribution’s page: by the link in your receipt, or signed in.")
        _tell(session, key, [address], f"Merged: {what}", built, facts)
    _tell(session, key, [*maintainers(session, facts.task)], f"Merged: {what}", [said], facts)


@job("notify.share_paid", queue="mail")
def share_paid(run: Run, share: int) -> None:
    """The processor confirmed the transfer."""
    with transaction() as session:
        row = session.get_one(Share, share)
        facts = about(session, row.task_id)
        sent_on = session.get(Redirect, row.id)
        where = sent_on.name if sent_on is not None else "your payout account"
        said = [f"{plain(row.money)} for {facts.name} were transferred to {where}."]
        to = [developer(session, row.identity_id)]
        _tell(session, f"paid:{row.ref}", to, f"Paid: {plain(row.money)}", said, facts)
        run.done(session)


_WHY = {
    EndsReason.ISSUE_CLOSED: "its issue was closed without a claim",
    EndsReason.ISSUE_GONE: "its issue is gone",
    EndsReason.CANCELLED: "a maintainer cancelled it",
    EndsReason.APP_GONE: "the project removed bountyhub from its repository",
    EndsReason.ARCHIVED: "the project archived its repository",
    EndsReason.POLICY_NO: "the project’s policy file says that its issues take no money",
    EndsReason.UNWANTED: "nobody new wanted it for 180 days",
    EndsReason.REFUSED: "its maintainers refused it",
}


@job("notify.task_ending", queue="mail")
def task_ending(run: Run, task: int) -> None:
    """A task will end on a day unless something is merged before."""
    with transaction() as session:
        facts = about(session, task)
        row = facts.task
        if row.ends_at is not None and row.ends_reason is not None:
            note = f" “{row.ends_note}”" if row.ends_note else ""
            said = [f"{facts.name} takes no new money, because {_WHY[row.ends_reason]}.{note}"]
            to: list[str | None] = [*backers(session, task)]
            key = f"ending:{row.id}:{row.ends_at.isoformat()}"
            _tell(session, key, to, f"Ends on {day(row.ends_at)}: {facts.name}", said, facts)
        run.done(session)


@job("notify.task_cancelled", queue="mail")
def task_cancelled(run: Run, task: int) -> None:
    """A task ended without a merge."""
    with transaction() as session:
        facts = about(session, task)
        note = f" “{facts.task.ends_note}”" if facts.task.ends_note else ""
        said = [f"{facts.name} ended without a merge.{note} Whatever was held for it goes back to its backers."]
        to: list[str | None] = [*backers(session, task), *maintainers(session, facts.task)]
        _tell(session, f"cancelled:{task}", to, f"Ended: {facts.name}", said, facts)
        run.done(session)
