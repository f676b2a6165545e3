"""The daily look at papers: a missing number, a changed text and a movement without its paper are found."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bountyhub.events.models import Alarm
from bountyhub.funding.models import Paper
from bountyhub.funding.operations.paper_checks import check_papers, count_papers
from bountyhub.kit.database import reading, transaction
from bountyhub.work.operations import withdraw
from tests.builders.world import BO, CLEO, World, merged


@pytest.fixture
def issued(world: World) -> World:
    """A receipt and a credit note, a receipt and a statement."""
    given = world.pay(5000)
    with transaction() as session:
        withdraw(session, given.id, world.actor(CLEO))
    world.pay(2000)
    world.connect(BO)
    world.record(merged(world.linked()))
    return world


def found() -> list[str]:
    with reading() as session:
        return [str(wrong) for wrong in check_papers(session)]


def past_the_guards(*statements: str) -> None:
    """As somebody does who owns the database."""
    with transaction() as session:
        for trigger in ("paper_no_update", "paper_no_delete"):
            session.execute(text(f"DROP TRIGGER {trigger}"))
        for statement in statements:
            session.execute(text(statement))


def year(world: World) -> int:
    first: int = world.rows(Paper)[0].year
    return first


def test_what_was_issued_is_right(issued: World) -> None:
    with reading() as session:
        assert count_papers(session) == 4
    assert found() == []


def test_no_papers_at_all_are_right(world: World) -> None:
    assert found() == []


def test_a_paper_taken_away_is_a_gap_and_a_movement_without_one(issued: World) -> None:
    past_the_guards("DELETE FROM paper WHERE series = 'R' AND number = 2")
    last = f"papers R-{year(issued)}: 2 numbers were taken; there are 1, from 1 to 1"
    assert found()[0] == last
    assert [line.partition(": ")[2] for line in found()[1:]] == ["no receipt tells of it"]


def test_a_changed_text_is_found(issued: World) -> None:
    past_the_guards("""UPDATE paper SET content = replace(content, '52.75', '53.75') WHERE series = 'R'""")
    assert found() == [f"paper R-{year(issued)}-000001: its text is not the one that was issued"]


def test_another_number_than_the_printed_one_is_found(issued: World) -> None:
    past_the_guards("UPDATE paper SET number = 7 WHERE series = 'S'")
    assert found()[1:] == [f"paper S-{year(issued)}-000007: it is printed as S-{year(issued)}-000001"]


def test_the_daily_look_raises_one_alarm_and_ends_it(issued: World) -> None:
    past_the_guards("UPDATE paper SET number = number + 5 WHERE series = 'R'")
    issued.sweep("funding.check_papers")
    issued.drain("funding.look_at_papers")
    (alarm,) = [row for row in issued.rows(Alarm) if row.kind == "papers"]
    assert alarm.text.startswith(f"papers R-{year(issued)}: 2 numbers were taken; there are 2, from 6 to 7 and 2 more")
    past_the_guards_again("UPDATE paper SET number = number - 5 WHERE series = 'R'")
    issued.sweep("funding.check_papers")
    issued.drain("funding.look_at_papers")
    assert [row.ended_at is not None for row in issued.rows(Alarm) if row.kind == "papers"] == [True]


def past_the_guards_again(statement: str) -> None:
    with transaction() as session:
        session.execute(text(statement))
