"""The instance checks its own books: the quick things each hour, every rule once a day, and raises alarms.

The daily check is a chain of jobs, one rule each and one at a time, so that a large book neither holds up the
other jobs nor outlasts a lease; a rule of a very large book may take longer than other jobs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.events import alarms, outbox
from bountyhub.events.alarms import Found
from bountyhub.events.registry import Run, job, recurring
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import sums, watch
from bountyhub.ledger.log.late import UNSEALED
from bountyhub.ledger.looking import Unseen, looking
from bountyhub.ledger.models import Entry, SelfCheck
from bountyhub.ledger.verify import Problem, finders, look

Look = Callable[[Session], list[Found]]
HOURLY = "hourly"
#: A daily check that ended later than this before is new enough: sweeps also run at each start and when time is moved.
NEW_ENOUGH = timedelta(hours=20)
#: What is late is looked at again after this, when the sweeps that were due at the same moment have done their work.
SECOND_LOOK = timedelta(minutes=2)
#: Seconds that one rule may take: the walk through the log takes longest, about half a minute for a million entries.
LONGEST_RULE = 900


@recurring("ledger.hourly_check", every=3600)
def hourly_check(run: Run) -> None:
    """Sums, own funds, what is set apart, what is late, and whether the daily check is made."""
    began, now = clock.real_now(), clock.now()
    looks: dict[str, Look] = {
        watch.SUMS: watch.sums,
        watch.OWN_FUNDS: watch.own_funds,
        watch.SET_APART: watch.set_apart,
        UNSEALED: lambda session: watch.unsealed(session, began),
        watch.OVERDUE: lambda session: watch.overdue(session, began),
        watch.PENDING: lambda session: watch.clocks(session, now),
    }
    with reading() as session:
        found = {scope: _seen(session, scope, look) for scope, look in looks.items()}
        entries = _entries(session)
    with transaction() as session:
        for scope in (watch.PENDING, UNSEALED):
            found[scope] = _known_only(session, scope, found[scope])
        for scope, of_scope in found.items():
            alarms.settle(session, scope, of_scope)
        _ended(session, HOURLY, began, entries, sum(len(of_scope) for of_scope in found.values()))
        run.done(session)


def _seen(session: Session, scope: str, look: Look) -> list[Found]:
    """What a look finds; a statement that fails is an alarm of its scope and keeps no other look from being made."""
    try:
        with looking(session):
            return look(session)
    except Unseen as why:
        name = scope.removesuffix(":")
        return [Found(f"{scope}unseen", "books", name, f"{name} could not be looked at: {why}")]


def _known_only(session: Session, scope: str, late: list[Found]) -> list[Found]:
    """Those that are alarms already; for the others a second look is asked for."""
    known = alarms.open_keys(session, scope)
    if any(one.key not in known for one in late):
        at = clock.real_now() + SECOND_LOOK
        outbox.add(session, "ledger.second_look", key="ledger.second_look", run_at=at)
    return [one for one in late if one.key in known]


@job("ledger.second_look", queue="sweep")
def second_look(run: Run) -> None:
    """What is late still now is an alarm."""
    with reading() as session:
        late = _seen(session, watch.PENDING, lambda session: watch.clocks(session, clock.now()))
        waiting = _seen(session, UNSEALED, lambda session: watch.unsealed(session, clock.real_now()))
    with transaction() as session:
        alarms.settle(session, watch.PENDING, late)
        alarms.settle(session, UNSEALED, waiting)
        run.done(session)


@recurring("ledger.daily_check", every=86_400)
def daily_check(run: Run) -> None:
    """Begin the chain, unless one ended lately."""
    now = clock.real_now()
    with transaction() as session:
        last = session.get(SelfCheck, watch.DAILY)
        if last is None or last.ended_at is None or now - last.ended_at > NEW_ENOUGH:
            _row(session, watch.DAILY, now).began_at = now
            outbox.add(session, "ledger.check_rule", key="ledger.check_rule:0", number=0)
        run.done(session)


@job("ledger.check_rule", queue="sweep", seconds=LONGEST_RULE)
def check_rule(run: Run, number: int) -> None:
    """Hold the books against one rule, then ask for the next one; after the last the check has ended."""
    rules = finders()
    if number >= len(rules):  # rules became fewer by an upgrade meanwhile
        return
    name, finder = rules[number]
    with reading() as session:
        problems = look(name, finder, session)
        entries = _entries(session)
    with transaction() as session:
        alarms.settle(session, _key(name), _told(name, problems))
        if name == sums.RULE and problems:  # told once, then mended: the next check ends the alarm
            outbox.add(session, "ledger.recompute_sums", key="ledger.recompute_sums")
        if number + 1 < len(rules):
            outbox.add(session, "ledger.check_rule", key=f"ledger.check_rule:{number + 1}", number=number + 1)
        else:
            _forget_old_rules(session)
            began = _row(session, watch.DAILY, clock.real_now()).began_at
            _ended(session, watch.DAILY, began, entries, len(alarms.open_keys(session, watch.BOOKS)))
        run.done(session)


def _told(name: str, problems: list[Problem]) -> list[Found]:
    """One alarm a rule: thousands of rows would hide the others."""
    if not problems:
        return []
    more = f" and {len(problems) - 1} more: run bountyhub ledger verify" if len(problems) > 1 else ""
    return [Found(_key(name), "books", problems[0].where, f"{problems[0]}{more}")]


def _key(rule: str) -> str:
    return f"{watch.BOOKS}{rule}:"


def _forget_old_rules(session: Session) -> None:
    """An upgrade may have renamed a rule whose alarm was open."""
    for key in alarms.open_keys(session, watch.BOOKS) - {_key(name) for name, _ in finders()}:
        alarms.settle(session, key, [])


def _ended(session: Session, name: str, began: datetime, entries: int, problems: int) -> None:
    row = _row(session, name, began)
    row.began_at, row.ended_at, row.entries, row.problems = began, clock.real_now(), entries, problems


def _row(session: Session, name: str, began: datetime) -> SelfCheck:
    row = session.get(SelfCheck, name, with_for_update=True)
    if row is None:
        row = SelfCheck(name=name, began_at=began, ended_at=None, entries=0, problems=0)
        session.add(row)
    return row


def _entries(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Entry)) or 0
