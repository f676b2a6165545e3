"""Draws an event that makes sense in the books as they stand: refunds, moves, disputes; the other half of `steps`."""

from __future__ import annotations

from typing import Literal

from bountyhub.ledger.refund import SharePart
from tests.soak_ledger import chart
from tests.soak_ledger.calls import Arguments
from tests.soak_ledger.hand import Hand, name_of, some_pot, suggests, terms_of, unused
from tests.soak_ledger.model import Model

Place = Literal["kept_for", "holdback"]


@suggests
def refund_asked(model: Model, hand: Hand) -> Arguments | None:
    pot = some_pot(model, hand, "escrow", "kept_for", "holdback")
    if pot is None:
        return None
    name, currency, amount = chart.last(pot[0]), pot[1], hand.part(pot[2])
    parts = []
    for path, here in model.still_here(name, currency, ("kept_for", "holdback")).items():
        if path == pot[0] or hand.often(0.5):
            place: Place = "kept_for" if chart.kind_of(path) == "kept_for" else "holdback"
            parts.append(SharePart(path.split("/")[1], place, amount if path == pot[0] else hand.part(here)))
    return {
        "refund": hand.new("r"), "terms": terms_of(model.pledges[name]), "from_shares": parts,
        "from_escrow": amount if chart.kind_of(pot[0]) == "escrow" else 0,
        "kept": hand.chance.randint(0, amount) if hand.often(0.2) else 0,
        "goodwill": hand.chance.randint(1, 500) if hand.often(0.2) else 0,
    }  # fmt: skip


@suggests
def refund_debited(model: Model, hand: Hand) -> Arguments | None:
    pot = some_pot(model, hand, "refund_pending")
    if pot is None:
        return None
    return _refund(model, *pot) | {"outside_id": hand.new("txn_")}


@suggests
def refund_failed(model: Model, hand: Hand) -> Arguments | None:
    pot = some_pot(model, hand, "refund_pending")
    return None if pot is None else _refund(model, *pot)


def _refund(model: Model, path: str, currency: str, amount: int) -> Arguments:
    return {
        "refund": chart.last(path), "contribution": name_of(model, path), "amount": amount, "currency": currency,
    }  # fmt: skip


@suggests
def refund_came_back(model: Model, hand: Hand) -> Arguments | None:
    debited = hand.one(unused(model, "refund_debited", "refund", lambda name: f"refund_failed:{name}"))
    return None if debited is None else debited | {"outside_id": hand.new("txn_")}


@suggests
def unclaimed_asked(model: Model, hand: Hand) -> Arguments | None:
    pot = some_pot(model, hand, "unclaimed_refund")
    if pot is None:
        return None
    path, currency, amount = pot
    return {
        "refund": hand.new("r"), "contribution": chart.last(path), "amount": hand.part(amount), "currency": currency,
    }  # fmt: skip


@suggests
def unclaimed_paid(model: Model, hand: Hand) -> Arguments | None:
    pot = some_pot(model, hand, "unclaimed_refund")
    if pot is None:
        return None
    path, currency, amount = pot
    amount = hand.part(amount)
    apart = model.held("bank/unclaimed", currency) >= amount and hand.often(0.7)
    return {
        "key": hand.new("k"), "contribution": chart.last(path), "amount": amount, "currency": currency,
        "note": "by hand", "set_apart": apart,
    }  # fmt: skip


@suggests
def unclaimed_set_apart(model: Model, hand: Hand) -> Arguments | None:
    pot = some_pot(model, hand, "unclaimed_refund")
    if pot is None:
        return None
    path, currency, amount = pot
    return {
        "contribution": chart.last(path), "amount": amount, "currency": currency, "outside_id": hand.new("txn_"),
    }  # fmt: skip


@suggests
def moved(model: Model, hand: Hand) -> Arguments | None:
    """A whole contribution, or what is left of one; not while a part is held back, kept or frozen."""
    pot = some_pot(model, hand, "escrow")
    if pot is None or model.still_here(chart.last(pot[0]), pot[1], ("holdback", "kept_for", "frozen")):
        return None
    return {"key": hand.new("k"), "source": chart.last(pot[0]), "target": hand.new("c"), "currency": pot[1]}


@suggests
def dispute_warned(model: Model, hand: Hand) -> Arguments | None:
    pot = some_pot(model, hand, "escrow", "payable", "holdback", "kept_for")
    if pot is None:
        return None
    return {"dispute": hand.new("w"), "contribution": chart.last(pot[0]), "currency": pot[1]}


@suggests
def dispute_warning_over(model: Model, hand: Hand) -> Arguments | None:
    warned = _warned(model, hand)
    return None if warned is None else {"dispute": warned["dispute"]}


@suggests
def dispute_warning_refunded(model: Model, hand: Hand) -> Arguments | None:
    warned = _warned(model, hand)
    if warned is None:
        return None
    amount = model.held(f"frozen/{warned['dispute']}", warned["currency"])
    return warned | {"refund": hand.new("r"), "amount": amount}


def _warned(model: Model, hand: Hand) -> Arguments | None:
    over = unused(model, "dispute_warned", "dispute", lambda name: f"dispute_warning_over:{name}")
    return hand.one([call for call in over if model.held(f"frozen/{call['dispute']}", call["currency"])])


@suggests
def dispute_withdrawn(model: Model, hand: Hand) -> Arguments | None:
    """Of a contribution that may be whole, half gone or long paid out."""
    pledge = hand.one(list(model.pledges.values())[-60:])
    if pledge is None:
        return None
    whole = pledge.amount + pledge.fee + pledge.vat
    return {
        "dispute": hand.new("d"), "contribution": pledge.name, "amount": hand.part(whole),
        "fee": hand.chance.choice((0, 1500)), "currency": pledge.currency, "outside_id": hand.new("txn_"),
    }  # fmt: skip


@suggests
def dispute_lost(model: Model, hand: Hand) -> Arguments | None:
    pot = some_pot(model, hand, "dispute_funds")
    if pot is None:
        return None
    return {"dispute": chart.last(pot[0]), "contribution": name_of(model, pot[0]), "currency": pot[1]}


@suggests
def dispute_won(model: Model, hand: Hand) -> Arguments | None:
    lost = dispute_lost(model, hand)
    if lost is None:
        return None
    return lost | {"outside_id": hand.new("txn_"), "refund": hand.new("r") if hand.often(0.4) else None}
