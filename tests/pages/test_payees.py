"""Being paid: where somebody is, what their payout account lacks, changes that weren't theirs."""

from __future__ import annotations

from bountyhub import settings
from bountyhub.kit.database import transaction
from bountyhub.payouts.models import Stop
from bountyhub.people.models import LinkPurpose
from bountyhub.people.operations import make_link
from tests.builders.world import BO, World
from tests.pages.conftest import Pages


def warning(world: World) -> str:
    with transaction() as session:
        person = world.persons["bo"].id
        return f"/not-me/{make_link(session, LinkPurpose.NOT_ME, 'bo@example.org', person_id=person)}"


def test_saying_that_it_was_not_me(pages: Pages) -> None:
    path, someone = warning(pages.world), pages.stranger()
    assert "stop my money" in someone.reads(path)
    assert pages.world.rows(Stop) == []
    assert [someone.post(path).location for _ in range(2)] == [path, path]
    assert "Your money is stopped" in someone.reads(path)
    assert len(pages.world.rows(Stop)) == 1


def test_the_page_names_when_the_next_money_leaves(pages: Pages) -> None:
    settings.use(settings.current().model_copy(update={"PAYOUT_HOLD_HOURS": 48}))
    pages.world.connect(BO)
    assert "nothing is sent before" in pages.signed_in(BO).reads("/me")
