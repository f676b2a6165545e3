"""A merge whose release goes to several payees; used by tests of work and payouts, by cases and by the bench."""

from __future__ import annotations

from collections.abc import Mapping

from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.people.operations import FORGE
from bountyhub.tasks.operations import move as move_task
from bountyhub.tasks.rules import TaskEvent
from bountyhub.work.operations.claims import lock_claim, move
from bountyhub.work.operations.releases import release_claim
from bountyhub.work.rules import ClaimEvent


def release_to(claim_id: int, payees: Mapping[int, int]) -> None:
    """The claim's pull request is merged by somebody independent, and pays these identities by their weights."""
    with transaction() as session:
        task, claim = lock_claim(session, claim_id)
        claim.merged_at, claim.held_at_merge = clock.now(), 0
        move_task(session, task, TaskEvent.CLAIM_MERGED, FORGE)
        move(session, claim, ClaimEvent.MERGED_INDEPENDENT, FORGE)
        release_claim(session, task, claim, FORGE, payees=payees)
