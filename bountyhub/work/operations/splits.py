"""`/split`: who gets how much of what a pull request's merge releases. Said by its author, before the merge.

It stands until its author says something else. Logins are looked up at the forge before, and kept by number.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.kit import clock
from bountyhub.people import queries as people
from bountyhub.people.operations import Actor, note_identities, note_identity
from bountyhub.ports.forge import ForgePerson, PullRequestInfo
from bountyhub.projects.models import Repository
from bountyhub.tasks.operations import lock_tasks
from bountyhub.work.errors import CommandRefused
from bountyhub.work.models import Claim, ClaimState
from bountyhub.work.operations.claims import claims_of_pull, show_claim
from bountyhub.work.rules_split import Part, Unreadable, why_unfit


@dataclass(frozen=True)
class Split:
    """Who gets how many whole percent, as the forge knows them now."""

    parts: tuple[tuple[ForgePerson, int], ...]

    @property
    def people(self) -> list[ForgePerson]:
        """Who is named."""
        return [person for person, _ in self.parts]


#: Where its author can still say how a claim is split.
SPLITTABLE = (ClaimState.LINKED, ClaimState.CLOSED)


def split_by_author(
    session: Session, actor: Actor, repository: Repository, pull: PullRequestInfo, split: Split
) -> list[Claim]:  # fmt: skip
    """Every task that the pull request stands for is split so; the claims. `pull` was read just before.

    Raises CommandRefused: for somebody else than its author, after the merge, and for what is no split.
    """
    _require_people(split)
    if pull.merged:
        raise CommandRefused(
            "It was merged: who is paid was decided then.",
            advice="While objections are possible, a maintainer can `/unlink` it; then say `/landed`.",
        )
    note_identities(session, split.people)
    lock_tasks(session, {claim.task_id for claim in claims_of_pull(session, repository, pull.number)})
    claims = [claim for claim in _fresh(session, repository, pull.number) if claim.cut_at is None]
    if any(claim.merged_at is not None for claim in claims):
        raise CommandRefused("It was merged: who is paid was decided then.", advice="Talk to a maintainer.")
    standing = [claim for claim in claims if claim.state in SPLITTABLE]
    if not standing:
        raise CommandRefused("This pull request stands for no task.", advice="Write `/claim #12` first.")
    for claim in standing:
        require_author(session, claim, actor)
    wanted = {str(note_identity(session, person).id): percent for person, percent in split.parts}
    for claim in standing:
        _set(session, claim, actor, wanted)
    return standing


def require_author(session: Session, claim: Claim, actor: Actor) -> None:
    """Its author, under any of their forge accounts; of a bot's pull request the person whom a decider named."""
    theirs = people.identity_ids(session, actor.person_id) if actor.person_id is not None else []
    if claim.author_id not in (actor.identity_id, *theirs):
        raise CommandRefused("Only the author of a pull request says how it is split.", advice="Ask them to.")


def _fresh(session: Session, repository: Repository, number: int) -> list[Claim]:
    """The claims as they are now that their tasks are locked."""
    claims = claims_of_pull(session, repository, number)
    for claim in claims:
        session.refresh(claim, with_for_update=True)
    return claims


def _require_people(split: Split) -> None:
    unfit = why_unfit([Part(person.login, percent) for person, percent in split.parts])
    if isinstance(unfit, Unreadable):
        raise CommandRefused(unfit.why, advice=unfit.advice)
    numbers = [person.id for person in split.people]
    if len(set(numbers)) < len(numbers):
        raise CommandRefused("Two of these names are one person.", advice="Name them once.")
    for person in split.people:
        if person.is_bot or not person.id:
            raise CommandRefused(f"@{person.login} is a bot, and bots can't be paid.", advice="Name people.")


def _set(session: Session, claim: Claim, actor: Actor, wanted: dict[str, int]) -> None:
    if claim.split == wanted:
        return
    told = [id for id, percent in wanted.items() if claim.split.get(id) != percent and int(id) != claim.author_id]
    claim.split, claim.split_at = wanted, clock.now()
    audit.record(session, actor.name, "claim_split", "claim", claim.id, split=dict(wanted))
    show_claim(session, claim)
    if told:
        outbox.add(session, "notify.named_in_split", claim=claim.id, identities=[int(id) for id in told])
