"""The instance checks its own books: what is wrong becomes an alarm, what was mended ends it, nothing else waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from bountyhub.events import alarms, outbox
from bountyhub.events.models import OutboxJob
from bountyhub.kit import clock
from bountyhub.kit.database import engine, reading, transaction
from bountyhub.ledger import jobs, watch
from bountyhub.ledger.log import check, late
from bountyhub.ledger.models import SelfCheck
from bountyhub.ledger.verify import finders
from tests.ledger.books import B, ask_refund, capture_one, example_a, top_up
from tests.ledger.log.books import book, seal, seal_all, use_settings
from tests.ledger.test_verify import unguarded

pytestmark = pytest.mark.usefixtures("owned", "schedule")


@pytest.fixture
def schedule() -> Iterator[None]:
    """Only the self-checks of the schedule are there."""
    use_settings()
    with transaction() as session:
        for name in ("ledger.hourly_check", "ledger.daily_check"):
            outbox.add(session, name)
    yield
    clock.set_offset(timedelta(0))


def work() -> list[str]:
    """Run what is due until nothing is; the names of what ran."""
    ran: list[str] = []
    while runs := outbox.claim(1):
        (run,) = runs
        with reading() as session:
            ran.append(session.get_one(OutboxJob, run.row).name)
        outbox.run(run)
    return ran


def again(name: str) -> list[str]:
    with transaction() as session:
        outbox.add(session, name)
    return work()


def told() -> list[str]:
    with reading() as session:
        return [alarm.text for alarm in alarms.open_alarms(session)]


def last(name: str) -> SelfCheck:
    with reading() as session:
        return session.get_one(SelfCheck, name)


def forget_daily() -> None:
    with transaction() as session:
        session.execute(update(SelfCheck).values(ended_at=clock.real_now() - timedelta(days=1)))


def test_sound_books_raise_no_alarm_and_the_checks_say_what_they_saw() -> None:
    example_a()
    top_up(1000)
    ran = work()
    assert ran.count("ledger.check_rule") == len(finders())
    assert told() == []
    for name in ("hourly", "daily"):
        assert (last(name).entries, last(name).problems) == (7, 0)
        assert last(name).ended_at is not None


def test_a_rule_that_is_broken_is_an_alarm_that_names_where_until_it_is_mended() -> None:
    example_a()
    top_up(1000)
    with unguarded() as connection:
        connection.execute(text("UPDATE ledger_seal SET lines = 9 WHERE entry_id = 1"))
    work()
    (alarm,) = told()
    assert alarm.startswith("entry 1 has 3 lines that sum to 0, sealed with 9 (broken: every entry is sealed")
    assert last("daily").problems == 1
    with unguarded() as connection:
        connection.execute(text("UPDATE ledger_seal SET lines = 3 WHERE entry_id = 1"))
    forget_daily()
    again("ledger.daily_check")
    assert told() == []
    assert last("daily").problems == 0


def test_what_can_not_be_looked_at_is_an_alarm_and_the_checks_go_on() -> None:
    example_a()
    top_up(1000)
    with engine().connect() as connection:
        connection.execute(text("ALTER TABLE ledger_seal RENAME TO away"))
        connection.commit()
    ran = work()
    assert ran.count("ledger.check_rule") == len(finders())
    assert last("daily").ended_at is not None
    assert sum("this rule could not be looked at: " in alarm for alarm in told()) == 2


def test_balances_as_large_as_their_column_keep_no_look_from_being_made() -> None:
    example_a()
    with unguarded() as connection:
        connection.execute(text(f"UPDATE ledger_account SET balance = {-(2**63)} WHERE kind = 'escrow'"))
    work()
    assert last("hourly").ended_at is not None
    assert any(alarm.startswith("all accounts in EUR are out of balance by -2767011") for alarm in told())


def test_many_faults_of_one_rule_are_one_alarm() -> None:
    example_a()
    top_up(1000)
    with unguarded() as connection:
        connection.execute(text("UPDATE ledger_seal SET lines = 9"))
    work()
    (alarm,) = told()
    assert alarm.endswith("and 6 more: run bountyhub ledger verify")


def test_a_check_that_ended_lately_is_not_made_again() -> None:
    work()
    assert again("ledger.daily_check") == ["ledger.daily_check"]


def test_own_funds_below_zero_are_an_alarm_until_topped_up() -> None:
    example_a()
    work()
    assert told() == ["own funds are -2.02 EUR: top up the processor's balance"]
    top_up(202)
    again("ledger.hourly_check")
    assert told() == []


def test_accounts_out_of_balance_are_an_alarm_of_their_currency() -> None:
    top_up(1000)
    with unguarded() as connection:
        connection.execute(text("UPDATE ledger_account SET balance = balance + 1 WHERE path = 'clearing'"))
    again("ledger.hourly_check")
    assert "all accounts in EUR are out of balance by 1" in told()


def test_a_refund_that_hangs_is_an_alarm_that_names_it_after_a_second_look() -> None:
    with transaction() as session:
        capture_one(session, B)
        ask_refund(session, "r1", B, from_escrow=1000)
    top_up(1000)
    began = clock.now()
    clock.set_offset(timedelta(days=4))
    assert "ledger.second_look" not in work()
    assert told() == []
    with transaction() as session:
        session.execute(update(OutboxJob).values(run_at=clock.real_now()))
    assert work() == ["ledger.second_look"]
    assert told() == [
        f"refund_pending/r1 holds 10.60 EUR of contribution c2 since {began:%Y-%m-%d %H:%M} UTC, longer than 3 days"
    ]
    again("ledger.hourly_check")
    assert len(told()) == 1


def test_entries_that_wait_an_hour_for_the_log_are_an_alarm_until_they_are_in() -> None:
    top_up(1000)
    later = clock.real_now() + timedelta(hours=2)
    with reading() as session:
        (found,) = watch.unsealed(session, later)
        assert watch.unsealed(session, clock.real_now()) == []
    assert found.text == "1 entries, first entry 1, were recorded more than an hour ago and are not in the log"
    seal_all()
    with reading() as session:
        assert watch.unsealed(session, later) == []


def second_look() -> list[str]:
    """What is told when the hourly check and the look that it asked for were made."""
    again("ledger.hourly_check")
    with transaction() as session:
        session.execute(update(OutboxJob).where(OutboxJob.attempts == 0).values(run_at=clock.real_now()))
    work()
    return told()


@pytest.fixture
def hours_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is booked was booked more than an hour ago."""
    monkeypatch.setattr(late, "LATE", timedelta(0))


@pytest.mark.usefixtures("hours_pass")
def test_nothing_is_told_while_the_sealer_works_through_a_history_from_before_the_upgrade() -> None:
    book(5)
    assert work().count("ledger.check_rule") == len(finders())
    assert told() == []
    seal(batch=2)
    assert second_look() == [] == log_problems()
    assert last("daily").problems == 0


@pytest.mark.usefixtures("hours_pass")
def test_nothing_is_told_of_what_was_booked_just_before_a_downtime() -> None:
    book(2)
    seal_all()
    with unguarded() as connection:
        connection.execute(text("UPDATE ledger_checkpoint SET at = (SELECT min(effective_at) FROM ledger_entry)"))
    book(1, begin=2)
    work()
    assert told() == [] == log_problems()
    seal_all()
    assert second_look() == []


@pytest.mark.usefixtures("hours_pass")
@pytest.mark.parametrize("sealed", [0, 2])
def test_a_dead_sealer_is_told_at_the_second_look(sealed: int) -> None:
    book(3)
    seal(batch=sealed) if sealed else None
    with unguarded() as connection:
        connection.execute(text("UPDATE ledger_checkpoint SET at = (SELECT min(effective_at) FROM ledger_entry)"))
    first, said = sealed + 1, "recorded more than an hour ago and"
    assert second_look() == [f"{3 - sealed} entries, first entry {first}, were {said} are not in the log"]
    assert log_problems() == [f"entry {id} was {said} is not in the log" for id in range(first, 4)]
    seal_all()
    assert log_problems() == []
    assert second_look() == []


@pytest.mark.usefixtures("hours_pass")
def test_an_entry_that_the_sealer_passed_over_is_told_although_it_gets_on() -> None:
    book(3)
    seal_all()
    with unguarded() as connection:
        connection.execute(text("DELETE FROM ledger_leaf WHERE entry_id = 2"))
    assert "1 entries, first entry 2, were recorded more than an hour ago and are not in the log" in second_look()


def log_problems() -> list[str]:
    with reading() as session:
        return [f"{where} {what}" for where, what in check.problems(session)]


def test_a_daily_check_that_never_ends_is_an_alarm() -> None:
    work()
    with transaction() as session:
        session.execute(update(SelfCheck).values(ended_at=clock.real_now() - timedelta(days=3)))
    again("ledger.hourly_check")
    assert told()[0].startswith("the daily check of the books has not ended since 20")


def test_the_checks_wait_behind_everything_else() -> None:
    with reading() as session:
        queues = set(session.scalars(select(OutboxJob.queue).where(OutboxJob.name.startswith("ledger."))))
    assert queues == {"sweep"}
    assert timedelta(hours=1) > jobs.SECOND_LOOK
