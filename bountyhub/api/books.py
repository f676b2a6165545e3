"""How the public books are written in JSON. Never a key, a note, an actor or an outside id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bountyhub.api.shapes import Json, moment, url
from bountyhub.funding.queries import Behind
from bountyhub.ledger.accounts import RULES
from bountyhub.ledger.overview import Overview
from bountyhub.ledger.public import Booked, PublicAccount, PublicEntry, PublicLine
from bountyhub.ledger.statement import EVENTS, PLACES

Known = Mapping[str, Behind]


def contributions(entries: Sequence[PublicEntry]) -> set[str]:
    """Whose money these entries move."""
    return {line.contribution for entry in entries for line in entry.lines if line.contribution}


def entry(found: PublicEntry, known: Known) -> Json:
    """One entry; amounts are signed, + debit, − credit."""
    of = [known[line.contribution] for line in found.lines if line.contribution and line.contribution in known]
    return {
        "id": found.id,
        "url": url(f"/api/v1/ledger/entries/{found.id}"),
        "kind": found.kind,
        "words": found.words,
        "currency": found.currency,
        "effective_at": moment(found.effective_at),
        "recorded_at": moment(found.recorded_at),
        "reverses": found.reverses,
        "tasks": sorted({one.task_id for one in of}),
        "lines": [_line(line, known) for line in found.lines],
    }


def account(found: PublicAccount, lines: Sequence[Booked], known: Known) -> Json:
    """One account with some of its lines."""
    of = known.get(found.contribution or "")
    return {
        "account": found.path,
        "words": PLACES[found.kind],
        "currency": found.currency,
        "side": RULES[found.kind].side,
        "never_negative": RULES[found.kind].never_negative,
        "balance_minor": found.balance,
        "version": found.version,
        "task": of.task_id if of else None,
        "party": of.party if of else None,
        "lines": [_booked(one) for one in lines],
    }


def totals(found: Overview) -> Json:
    """One currency's sums in minor units."""
    return {
        "currency": found.currency,
        "proof": {
            "balanced": found.balanced,
            "covered": found.enough,
            "clearing_minor": found.clearing,
            "covered_disputes_minor": found.covered,
            "set_apart_minor": found.set_apart,
            "owed_minor": found.owed,
            "own_funds_minor": found.own_funds,
            "lines_agree_with_balances": found.lines_agree,
        },
        "held_minor": found.held,
        "captured_minor": found.captured,
        "released_minor": found.released,
        "paid_minor": found.paid,
        "returned_minor": found.returned,
        "fees_earned_minor": found.fees_earned,
        "kept_at_withdrawals_minor": found.kept,
        "costs_minor": found.costs,
        "charged_back_minor": found.charged_back,
        "losses_minor": found.losses,
    }


def _line(line: PublicLine, known: Known) -> Json:
    of = known.get(line.contribution or "")
    return {
        "account": line.path,
        "words": PLACES[line.kind],
        "amount_minor": line.amount,
        "balance_after_minor": line.balance_after,
        "task": of.task_id if of else None,
        "party": of.party if of else None,
    }


def _booked(found: Booked) -> Json:
    entry, line = found.entry, found.line
    return {
        "number": found.number,
        "entry": entry.id,
        "url": url(f"/api/v1/ledger/entries/{entry.id}"),
        "kind": entry.kind,
        "words": EVENTS.get(entry.kind, entry.kind),
        "effective_at": moment(entry.effective_at),
        "amount_minor": line.amount,
        "balance_after_minor": line.balance_after,
    }
