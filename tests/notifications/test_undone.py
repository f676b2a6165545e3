"""Mails about a release that two operators undid: each side once, with the reason and what it means for them."""

from __future__ import annotations

from bountyhub.notifications.models import OutgoingMail
from tests.builders.undoing import WHY, released, undo
from tests.builders.world import World


def mails(world: World) -> dict[str, str]:
    """Who was told what about it, by the first part of their address."""
    world.drain("notify.")
    found = [mail for mail in world.rows(OutgoingMail) if mail.key.startswith("undone:")]
    return {mail.to.partition("@")[0]: mail.text for mail in found}


def test_payee_backers_and_deciders_hear_why(world: World) -> None:
    released(world, 5000, 2500)
    undo(world)
    told = mails(world)
    assert sorted(told) == ["ana", "bo", "cleo", "dara"]
    assert all(WHY in text and "What happens next: " in text for text in told.values())
    assert "taken back from your payout account" in told["bo"]
    assert "held for the task again" in told["cleo"] and "held for the task again" in told["dara"]


def test_nobody_is_told_twice(world: World) -> None:
    released(world)
    undo(world)
    before = mails(world)
    world.drain("notify.", "work.", "payouts.")
    assert mails(world) == before
