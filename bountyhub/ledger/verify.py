"""Checks every invariant of the books from scratch; `bountyhub ledger verify`, tests and the self-check call it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bountyhub.kit import clock
from bountyhub.ledger import conservation, guards, watch
from bountyhub.ledger.accounts import RULES
from bountyhub.ledger.checks import CHECKS, STREAM
from bountyhub.ledger.log import check as log
from bountyhub.ledger.looking import Unseen, looking
from bountyhub.ledger.models import Account, Entry, Line

Progress = Callable[[str], None]
#: More faults of one kind than this tell nothing new.
_MOST = 1000


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: which invariant, where, and how."""

    check: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where} {self.what} (broken: {self.check})"


@dataclass
class Report:
    """What was looked at and what is wrong; the books are sound when `problems` is empty."""

    accounts: int = 0
    entries: int = 0
    lines: int = 0
    checks: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: Own funds below zero and money that is late: the books are right, and somebody has to act.
    warnings: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether every invariant holds."""
        return not self.problems


Finder = Callable[[Session], Iterator[tuple[str, str]]]


def verify(session: Session, progress: Progress | None = None) -> Report:
    """Look at everything. Postings may go on meanwhile: each check is one statement and sees one committed state."""
    report = counted(session)
    for name, finder in finders():
        if progress is not None:
            progress(name)
        report.checks.append(name)
        report.problems += look(name, finder, session)
    return report


def counted(session: Session) -> Report:
    """A report that knows how much there is to look at and the warnings, and of nothing wrong yet."""
    accounts, entries, lines = (_count(session, table) for table in (Account, Entry, Line))
    return Report(accounts, entries, lines, warnings=_warnings(session))


def look(name: str, finder: Finder, session: Session) -> list[Problem]:
    """What one check finds; of very many faults only the first. That it can't be looked at is a fault, too."""
    found: list[Problem] = []
    try:
        with looking(session):
            for where, what in finder(session):
                if len(found) == _MOST:
                    found.append(Problem(name, "many more", "are left out here"))
                    break
                found.append(Problem(name, where, what))
    except Unseen as why:
        found.append(Problem(name, "this rule", f"could not be looked at: {why}"))
    return found


def _warnings(session: Session) -> list[str]:
    try:
        with looking(session):
            return [found.text for found in watch.warnings(session, clock.now())]
    except Unseen as why:
        return [f"own funds and clocks could not be looked at: {why}"]


def finders() -> list[tuple[str, Finder]]:
    """Every check by its name, in the order in which they are told."""
    return [
        ("the guards are on duty", _missing_guards),
        ("accounts are of the chart", _strange_accounts),
        *((check.name, _by_statement(check.sql)) for check in CHECKS),
        ("all accounts of a currency sum to zero", _unbalanced_currencies),
        ("every entry is of a known kind", conservation.unknown_kinds),
        ("each event touches only its accounts", conservation.touching),
        ("nothing wanders between contributions", conservation.wandering),
        ("a move is between two contributions, a refund of one", conservation.astray),
        ("fees are earned and returned in proportion", conservation.wrong_fees),
        ("the log holds every entry as it was sealed", log.problems),
    ]


def _by_statement(sql: str) -> Finder:
    def find(session: Session) -> Iterator[tuple[str, str]]:
        with session.execute(text(sql), execution_options=STREAM) as rows:
            for where, what in rows:
                yield str(where), str(what)

    return find


def _missing_guards(session: Session) -> Iterator[tuple[str, str]]:
    for name in sorted(guards.expected(session) - guards.on_duty(session)):
        yield f"trigger {name}", "is missing or switched off"
    if guards.foreign_keys_off(session):
        yield "the foreign keys", "are switched off"


def _strange_accounts(session: Session) -> Iterator[tuple[str, str]]:
    query = select(Account.kind, Account.side, Account.never_negative, func.min(Account.path))
    for kind, side, never_negative, path in session.execute(
        query.group_by(Account.kind, Account.side, Account.never_negative)
    ):
        rule = RULES.get(kind)
        if rule is None or (rule.side, rule.never_negative) != (side, bool(never_negative)):
            yield f"account {path}", f"of kind {kind} is on the {side} side, never negative: {bool(never_negative)}"


def _unbalanced_currencies(session: Session) -> Iterator[tuple[str, str]]:
    for currency, total in watch.out_of_balance(session):
        yield f"currency {currency}", f"is out of balance by {total}"


def _count(session: Session, table: type[Account] | type[Entry] | type[Line]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0
