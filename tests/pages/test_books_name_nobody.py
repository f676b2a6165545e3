"""No face of the public books names anybody, to whoever looks; and pages go on when somebody was forgotten."""

from __future__ import annotations

from typing import Any

from bountyhub.funding.models import Contribution, Payment, Refund
from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money
from bountyhub.ledger.models import Entry
from bountyhub.work.operations import forget, withdraw
from tests.builders.world import BO, CLEO, DARA, EVE, merged
from tests.ledger.log.books import seal_all
from tests.pages.conftest import Pages, Someone


def fill(pages: Pages) -> None:
    """Cleo by name and anonymously, Dara with a payment that fits nothing, a guest by mail; refunds, a release."""
    world = pages.world
    back = world.pay(3000)
    world.pay(5000)
    hidden = world.order(2000)
    with transaction() as session:
        session.get_one(Contribution, world.rows(Contribution)[-1].id).anonymous = True
        withdraw(session, back.id, world.actor(CLEO))
    world.capture(hidden)
    world.capture(world.order(1000, by=DARA), received=Money(1234, "EUR"))
    world.pay(700, by=None, email="guest@example.org")
    world.send_refunds()
    world.connect(BO)
    world.record(merged(world.linked()))
    world.send_transfers()


def faces(pages: Pages) -> list[str]:
    api = "/api/v1/ledger"
    listed: Any = pages.stranger().get(f"{api}/entries?limit=100").json
    paths = {line["account"] for entry in listed["entries"] for line in entry["lines"]}
    return [
        "/transparency", f"/tasks/{pages.world.task_id}/money", f"{api}/entries?limit=100", f"{api}/totals",
        *(f"{api}/entries/{entry['id']}" for entry in listed["entries"]),
        *(f"{api}/accounts/{path}?currency=EUR" for path in sorted(paths)),
    ]  # fmt: skip


def content(someone: Someone, path: str) -> str:
    answer = someone.get(path)
    assert answer.status_code == 200, path
    return answer.text.partition("<main")[2].partition("</main>")[0] if path[:4] != "/api" else answer.text


def secrets(pages: Pages) -> set[str]:
    """What must not be there: logins, addresses, numbers of people, and what belongs to us and the processor alone."""
    world = pages.world
    people = {"cleo", "dara", "guest", "@example", "person:", "identity:", "acct_"}
    ours = {word for row in world.rows(Entry) for word in (row.key, row.digest, row.outside_id or row.key)}
    return people | ours | {row.ref for row in world.rows(Payment)} | {str(r.processor_id) for r in world.rows(Refund)}


def test_nobody_is_named_to_anybody(pages: Pages) -> None:
    fill(pages)
    unwanted, shown = secrets(pages), faces(pages)
    assert len(shown) > 30
    for someone in (pages.stranger(), pages.signed_in(EVE), pages.signed_in(CLEO)):
        for path in shown:
            text = content(someone, path).lower()
            assert [word for word in unwanted if word.lower() in text] == [], path


def test_an_anonymous_backer_looks_like_any_other(pages: Pages) -> None:
    fill(pages)
    found: Any = pages.stranger().get("/api/v1/ledger/entries?kind=captured").json
    lines = [line for entry in found["entries"] for line in entry["lines"] if line["account"].startswith("escrow/")]
    named, also_named, hidden, guest = [line["party"] for line in lines]
    assert named == also_named and len({named, hidden, guest}) == 3
    assert len({tuple(line) for line in lines}) == 1


def test_pages_go_on_when_backer_and_developer_were_forgotten(pages: Pages) -> None:
    world = pages.world
    world.pay(5000)
    world.connect(BO)
    world.record(merged(world.linked()))
    world.send_transfers()
    seal_all()
    with transaction() as session:
        forget(session, "cleo", "Asked for.")
        forget(session, "bo", "Asked for.")
    stranger, task = pages.stranger(), f"/tasks/{world.task_id}"
    assert "Somebody who left" in stranger.reads(f"{task}?tab=contributions")
    assert "@somebody who left" in stranger.reads(f"{task}?tab=pulls")
    assert "somebody who left" in stranger.reads(f"{task}/money")
    for path in (f"{task}?tab=activity", f"/claims/{world.claim().id}", "/", "/transparency"):
        stranger.reads(path)
    entry: Any = stranger.get("/api/v1/ledger/entries/2").json
    assert {line["party"] for line in entry["lines"]} == {None}
    assert stranger.get(f"/api/v1{task}").status_code == 200
