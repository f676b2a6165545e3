"""What the ledger refuses, each by name. Raised by postings; rendered like every other DomainError."""

from __future__ import annotations

from bountyhub.kit.errors import Conflict, DomainError


class LedgerRefusal(Conflict):
    """A movement the books can't take."""

    code = "ledger_refused"


class Overdraft(LedgerRefusal):
    """An account that can't be negative would become so."""

    code = "overdraft"


class KeyReused(LedgerRefusal):
    """The same idempotency key came with other content."""

    code = "key_reused"


class OutsideIdReused(LedgerRefusal):
    """The processor's id was booked before, by an entry of the same kind under another key."""

    code = "outside_id_reused"


class AlreadyReversed(LedgerRefusal):
    """An entry is reversed at most once, and a reversal never."""

    code = "already_reversed"


class CurrencyMismatch(LedgerRefusal):
    """One entry, one currency."""

    code = "currency_mismatch"


class NothingToMove(LedgerRefusal):
    """A movement of no money at all."""

    code = "nothing_to_move"


class EntryNotFound(LedgerRefusal):
    """The entry that this one follows was never booked."""

    code = "entry_not_found"


class OutsideIdMissing(LedgerRefusal):
    """The processor's balance moves only with the id of its balance transaction."""

    code = "outside_id_missing"


class AmountTooLarge(LedgerRefusal):
    """A sum that no 64-bit book can hold."""

    status = 400
    code = "amount_too_large"


class BadReference(DomainError):
    """A name that can't stand in an account's path."""

    code = "bad_reference"
