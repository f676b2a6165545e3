"""What is booked can't be taken back, so nobody's number, name or address is booked."""

from __future__ import annotations

from bountyhub.kit.database import transaction
from bountyhub.ledger.models import Entry
from bountyhub.work.operations import withdraw
from tests.builders.world import BO, CLEO, World, merged


def test_entries_say_by_which_role_they_were_caused(world: World) -> None:
    back = world.pay(3000)
    with transaction() as session:
        withdraw(session, back.id, world.actor(CLEO))
    world.pay(5000)
    world.record(merged(world.linked()))
    world.connect(BO)
    world.send_transfers()
    world.send_refunds()
    found = {row.kind: row.actor for row in world.rows(Entry)}
    assert found["refund_asked"] == "person"
    assert found["kept_claimed"] == "payee"
    assert set(found.values()) <= {"stripe", "github", "clock", "operator", "person", "payee"}
