"""Faults planted in the application while it runs; the soak has to find each of them. One function a fault."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from sqlalchemy.orm import Session

from bountyhub.ledger import accounts, book, capture, dispute, move, posting, queries, quick, refund, release
from bountyhub.ledger import positions as sums
from bountyhub.ledger.accounts import Place
from bountyhub.ledger.models import Entry
from bountyhub.ledger.positions import Part, Position, Terms
from bountyhub.ledger.posting import Event, Move

Plant = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True)
class Fault:
    """What is wrong, and how it is planted; on one engine only where the other can't have it."""

    name: str
    plant: Plant
    engine: str | None = None


FAULTS: list[Fault] = []


def fault(name: str, engine: str | None = None) -> Callable[[Plant], Plant]:
    """Register a fault under a name for the table."""

    def register(plant: Plant) -> Plant:
        FAULTS.append(Fault(name, plant, engine))
        return plant

    return register


def everywhere(name: str, wrong: object) -> AbstractContextManager[object]:
    """Replace a function in every module of the ledger that imported it."""
    stack = ExitStack()
    for module in (posting, release, refund, dispute, move):
        if hasattr(module, name):
            stack.enter_context(patch.object(module, name, wrong))
    return stack


@contextmanager
def both(*plants: AbstractContextManager[object]) -> Iterator[None]:
    """Several at once."""
    with ExitStack() as stack:
        for each in plants:
            stack.enter_context(each)
        yield


def step_by_step() -> AbstractContextManager[object]:
    """PostgreSQL's ordinary posting is one statement; what is wrong with the other way is seen when all go it."""
    return patch.object(posting, "_ordinary", lambda *_: False)


@fault("an entry's third line is forgotten")
def line_dropped() -> AbstractContextManager[object]:
    right = posting.net

    def wrong(moves: Iterable[Move]) -> dict[Place, int]:
        return dict(itertools.islice(right(list(moves)).items(), 2))

    return patch.object(posting, "net", wrong)


@fault("fees are rounded up")
def rounded_up() -> AbstractContextManager[object]:
    def wrong(fee: int, amount: int, moved: int, taken: int, unit: int = 1) -> int:
        return -(-fee * moved // amount) // unit * unit - taken

    return patch.object(sums, "part_due", wrong)


@fault("a key with other content is taken for a replay")
def key_reused() -> AbstractContextManager[object]:
    return patch.object(posting, "_require_same", lambda *_: None)


@fault("a replay is booked once more")
def replayed_twice() -> AbstractContextManager[object]:
    right, more = posting.book, itertools.count()

    def wrong(session: Session, event: Event, amounts: Mapping[Place, int], request: Any) -> Entry:
        if posting.find(session, event.key) is not None:
            event = replace(
                event, key=f"{event.key}:{next(more)}", outside_id=event.outside_id and f"again{next(more)}"
            )
        return right(session, event, amounts, request)

    return patch.object(posting, "book", wrong)


@fault("accounts are locked one after another as they are named", engine="postgresql")
def lock_order() -> AbstractContextManager[object]:
    right = book.lock

    def wrong(session: Session, places: Iterable[Place], currency: str, contributions: Iterable[str] = ()) -> book.Book:
        found: book.Book = {}
        for place in places:
            found |= right(session, [place], currency)
        return found | (right(session, [], currency, list(contributions)) if contributions else {})

    return both(step_by_step(), everywhere("lock", wrong))


@fault("accounts are not locked at all", engine="postgresql")
def not_locked() -> AbstractContextManager[object]:
    right = book._locking

    def wrong(*given: Any) -> Any:
        query = right(*given)
        query._for_update_arg = None
        return query

    return both(step_by_step(), patch.object(book, "_locking", wrong))


@fault("the one statement of a posting doesn't lock the accounts", engine="postgresql")
@contextmanager
def read_unlocked() -> Iterator[None]:
    quick._statement.cache_clear()
    with patch.object(quick, "_STATEMENT", quick._STATEMENT.replace("FOR NO KEY UPDATE", "")):
        yield
    quick._statement.cache_clear()


@fault("a cost is booked with its sides exchanged")
def sign_flipped() -> AbstractContextManager[object]:
    right = posting.post

    def wrong(session: Session, *, kind: str, moves: list[Move], **rest: Any) -> Entry:
        if kind == "cost":
            moves = [Move(each.credit, each.debit, each.amount) for each in moves]
        return right(session, kind=kind, moves=moves, **rest)

    return patch.object(capture, "post", wrong)


@fault("the fee is computed on each piece, not on the totals")
def on_pieces() -> AbstractContextManager[object]:
    def wrong(terms: Terms, so_far: Position, amount: int) -> Part:
        if amount >= so_far.undecided:
            return Part(so_far.fee_held, so_far.vat_held)
        return Part(int(terms.fee * amount / terms.amount), int(terms.vat * amount / terms.amount))

    return patch.object(release, "earned_part", wrong)


@fault("the last movement doesn't take the rest of the fee")
def rest_left() -> AbstractContextManager[object]:
    right = sums.returned_part

    def wrong(terms: Terms, so_far: Position, amount: int) -> Part:
        return right(terms, replace(so_far, undecided=2**62), amount)

    return patch.object(refund, "returned_part", wrong)


@fault("a fee that came back ahead of its time is taken twice")
def ahead_forgotten() -> AbstractContextManager[object]:
    return patch.object(sums, "_within", min)


@fault("an entry can be reversed twice, and a reversal too")
def reversed_twice() -> AbstractContextManager[object]:
    def wrong(session: Session, entry: Entry, *, kind: str, key: str, effective_at: Any, actor: str) -> Entry:
        opposite = {place: -amount for place, amount in posting.lines_of(session, entry).items()}
        event = Event(kind, key, entry.currency, effective_at, actor, dict(entry.refs))
        return posting.book(session, event, opposite, None)

    return patch.object(posting, "reverse", wrong)


@fault("what is held back is kept for the payee instead")
def wrong_account() -> AbstractContextManager[object]:
    return patch.dict(release._PLACES, {"holdback": accounts.kept_for})


@fault("a won dispute gives everything to escrow")
def thawed_elsewhere() -> AbstractContextManager[object]:
    right = dispute._thawing

    def wrong(session: Session, name: str, frozen: Place) -> list[Move]:
        escrow = accounts.escrow(str(frozen.contribution))
        return [Move(frozen, escrow, each.amount) for each in right(session, name, frozen)]

    return patch.object(dispute, "_thawing", wrong)


@fault("a dispute freezes the fee before what is payable")
def frozen_in_other_order() -> AbstractContextManager[object]:
    return patch.object(dispute, "_ORDER", ("escrow", "fee_held", "vat_held", "payable", "kept_for", "holdback"))


@fault("a dispute freezes more than was taken")
def frozen_too_much() -> AbstractContextManager[object]:
    right = dispute._freezing
    return patch.object(dispute, "_freezing", lambda held, frozen, most: right(held, frozen, None))


@fault("the processor's cost is computed")
def cost_computed() -> AbstractContextManager[object]:
    right = capture.cost

    def wrong(session: Session, *, amount: int, **rest: Any) -> Entry:
        return right(session, amount=amount if amount < 25 else 25 + amount // 50, **rest)

    return patch.object(capture, "cost", wrong)


@fault("a sum kept at a withdrawal counts as a fee")
def kept_elsewhere() -> AbstractContextManager[object]:
    return patch.object(accounts, "income_withdrawal", accounts.income_fee)


@fault("overdrafts are left to the database")
def overdraft_unseen() -> AbstractContextManager[object]:
    return patch.object(posting, "_check", lambda *_: None)


@fault("currencies are mixed")
def currencies_mixed() -> AbstractContextManager[object]:
    return patch.object(book, "_refuse_other_currency", lambda *_: None)


@fault("own funds forget what disputes cover")
def disputes_forgotten() -> AbstractContextManager[object]:
    return patch.object(queries, "covered_by_disputes", lambda session: {})


@fault("an outside id is not remembered")
def outside_id_forgotten() -> AbstractContextManager[object]:
    right = posting._booked_before

    def wrong(session: Session, event: Event, digest: str) -> Entry | None:
        return right(session, replace(event, outside_id=None), digest)

    return patch.object(posting, "_booked_before", wrong)


@fault("when it took effect and when it was recorded are exchanged")
def times_exchanged() -> AbstractContextManager[object]:
    right = posting._row

    def wrong(event: Event, digest: str) -> dict[str, Any]:
        row = right(event, digest)
        return row | {"effective_at": row["recorded_at"], "recorded_at": row["effective_at"]}

    return patch.object(posting, "_row", wrong)
