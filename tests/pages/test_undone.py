"""What everybody sees of an undone release: sums as in the books, where the rest is, who decided and why."""

from __future__ import annotations

from bountyhub.ports.errors import OutsideRefused
from tests.builders.outside import Outside
from tests.builders.undoing import undo
from tests.builders.world import BO, CLEO, DARA, World, merged
from tests.pages.conftest import Pages


def paid_out(world: World) -> Outside:
    """Cleo's 50 € and Dara's 25 € reached Bo."""
    outside = Outside().use()
    world.pay(5000)
    world.pay(2500, DARA)
    world.connect(BO)
    world.record(merged(world.linked()))
    world.drain("payouts.", "work.")
    return outside


def in_part(world: World) -> None:
    """Undone, and of it only Dara's 25 € came back."""
    outside = paid_out(world)
    outside.gateway.fail["reverse_transfer"] = [OutsideRefused("empty", "balance_insufficient")]
    undo(world)
    world.drain("payouts.", "work.")


def test_only_what_came_back_is_held(pages: Pages) -> None:
    in_part(pages.world)
    stranger = pages.stranger()
    totals = stranger.get("/api/v1/tasks/1").get_json()["totals"]
    assert [totals[word]["amount_minor"] for word in ("held", "released", "paid")] == [2500, 5000, 5000]
    assert "25 €" in stranger.reads("/tasks/1")
    assert "its release was undone; what was sent is taken back, as far as it can be" in stranger.reads("/claims/1")
    assert "Two operators undid this release" in stranger.reads("/claims/1")


def test_all_back_is_nothing_released(pages: Pages) -> None:
    paid_out(pages.world)
    undo(pages.world)
    pages.world.drain("payouts.", "work.")
    totals = pages.stranger().get("/api/v1/tasks/1").get_json()["totals"]
    assert [totals[word]["amount_minor"] for word in ("held", "released", "paid")] == [7500, 0, 0]
    assert "Release undone" in pages.stranger().reads("/tasks/1/money")


def test_who_gave_it_can_take_back_what_is_held_of_it(pages: Pages) -> None:
    in_part(pages.world)
    assert "Paid to the developer" in pages.signed_in(CLEO).reads("/contributions/1")
    assert "26.50 € go back to your card" in pages.signed_in(DARA).reads("/contributions/2")


def test_its_payee_reads_why_on_their_page(pages: Pages) -> None:
    in_part(pages.world)
    assert "its release was undone" in pages.signed_in(BO).reads("/me")
