"""The author of a claim says on its page how it is split: the same as `/split` in a comment on the pull request."""

from __future__ import annotations

from bountyhub.http.session import require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.pages.acting import actor_now
from bountyhub.pages.contexts.claim import find
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import ForgePerson
from bountyhub.projects import queries as projects
from bountyhub.work.errors import CommandRefused
from bountyhub.work.operations.splits import SPLITTABLE, Split, require_author, split_by_author
from bountyhub.work.rules_split import Part, Unreadable, read_split


def split_with(claim_id: int, typed: str) -> None:
    """Split the claim, and whatever else its pull request stands for, as typed.

    Raises SignInNeeded, NotFound, CommandRefused, OutsideError.
    """
    require_person()
    with reading() as session:
        claim = find(session, claim_id)
        require_author(session, claim, actor_now(session))
        repository = projects.repository(session, claim.repository_id)
    if claim.state not in SPLITTABLE:
        raise CommandRefused("It can’t be split any more.", advice="Before its merge it could be.")
    parts = read_split(typed)
    if isinstance(parts, Unreadable):
        raise CommandRefused(parts.why, advice=parts.advice.replace("`/split ", "“").replace("`", "”"))
    split = Split(tuple((_find(repository.forge_id, part), part.percent) for part in parts))
    pull = forge().read_pull_request(repository.forge_id, claim.pull_number)
    with transaction() as session:
        split_by_author(session, actor_now(session), repository, pull, split)


def _find(repository: int, part: Part) -> ForgePerson:
    try:
        return forge().find_person(repository, part.login)
    except OutsideGone:
        raise CommandRefused(f"There is no @{part.login} on GitHub.", advice="Check the name.") from None
