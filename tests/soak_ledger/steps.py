"""Draws an event that makes sense in the books as they stand: money in, releases, transfers, the operator's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from bountyhub.ledger.release import Into, Piece
from bountyhub.ledger.transfer import SharePiece
from tests.soak_ledger import chart
from tests.soak_ledger.calls import Arguments
from tests.soak_ledger.hand import Hand, name_of, some_pot, suggests, terms_of
from tests.soak_ledger.model import Account, Model

INTO: tuple[Into, ...] = ("payable", "payable", "kept_for", "holdback")


@suggests
def captured(model: Model, hand: Hand) -> Arguments:
    amount = hand.amount()
    fee = 0 if hand.often(0.1) else hand.chance.randint(0, amount)
    vat = 0 if hand.often(0.5) else hand.chance.randint(0, fee)
    return {
        "payment": hand.new("p"), "contribution": hand.new("c"), "amount": amount, "fee": fee, "vat": vat,
        "currency": hand.currency(), "outside_id": hand.new("txn_"),
    }  # fmt: skip


@suggests
def captured_late(model: Model, hand: Hand) -> Arguments:
    return captured_wrong(model, hand) | {"refund": hand.new("r")}


@suggests
def captured_wrong(model: Model, hand: Hand) -> Arguments:
    return {
        "payment": hand.new("p"), "contribution": hand.new("c"), "amount": hand.amount(),
        "currency": hand.currency(), "outside_id": hand.new("txn_"),
    }  # fmt: skip


@suggests
def cost(model: Model, hand: Hand) -> Arguments:
    amount = hand.chance.randint(1, 900) * (-1 if hand.often(0.3) else 1)
    return {"amount": amount, "currency": hand.currency(), "outside_id": hand.new("txn_")}


@suggests
def suspense_matched(model: Model, hand: Hand) -> Arguments | None:
    pot = some_pot(model, hand, "suspense")
    if pot is None:
        return None
    path, currency, whole = pot
    rest = hand.chance.randint(0, whole - 1)
    fee = hand.chance.randint(0, rest)
    return {
        "payment": chart.last(path), "contribution": name_of(model, path), "amount": whole - rest, "fee": fee,
        "vat": rest - fee, "currency": currency,
    }  # fmt: skip


@suggests
def suspense_returned(model: Model, hand: Hand) -> Arguments | None:
    pot = some_pot(model, hand, "suspense")
    if pot is None:
        return None
    path, currency, whole = pot
    return {
        "payment": chart.last(path), "contribution": name_of(model, path), "refund": hand.new("r"),
        "amount": whole, "currency": currency,
    }  # fmt: skip


@suggests
def released(model: Model, hand: Hand) -> Arguments | None:
    return _pieces(model, hand, "escrow", lambda: hand.chance.choice(INTO))


@suggests
def holdback_released(model: Model, hand: Hand) -> Arguments | None:
    return _pieces(model, hand, "holdback", lambda: "kept_for" if hand.often(0.2) else "payable")


@suggests
def kept_claimed(model: Model, hand: Hand) -> Arguments | None:
    return _pieces(model, hand, "kept_for", lambda: "payable")


@suggests
def became_unsendable(model: Model, hand: Hand) -> Arguments | None:
    return _pieces(model, hand, "payable", lambda: "payable")


@suggests
def release_undone(model: Model, hand: Hand) -> Arguments | None:
    return _pieces(model, hand, "payable", lambda: "payable")


Kind = Literal["escrow", "holdback", "kept_for", "payable"]


def _pieces(model: Model, hand: Hand, kind: Kind, into: Callable[[], Into]) -> Arguments | None:
    """One to four pieces of one to three pots of one currency, in any order."""
    pots = _some_pots(model, hand, kind)
    pieces: list[Piece] = []
    for path, currency in pots:
        left = model.held(path, currency)
        for _ in range(hand.chance.choice((1, 1, 2))):
            share = path.split("/")[1] if kind != "escrow" else f"s{hand.chance.randint(1, 6)}"
            if left:
                pieces.append(Piece(share, chart.last(path), hand.part(left), into()))
                left -= pieces[-1].amount
    names = sorted({piece.contribution for piece in pieces})
    if not names:
        return None
    return {"key": hand.new("k"), "pieces": pieces, "terms": [terms_of(model.pledges[name]) for name in names]}


def _some_pots(model: Model, hand: Hand, kind: Kind) -> list[Account]:
    currency = hand.currency()
    pots = [pot for pot in model.pots(kind) if pot[1] == currency]
    return hand.chance.sample(pots, min(len(pots), hand.chance.choice((1, 1, 2, 3))))


@suggests
def transfer_asked(model: Model, hand: Hand) -> Arguments | None:
    again = [name for name in _refused(model) if f"transfer_asked:{name}:2" not in model.booked]
    pots = _some_pots(model, hand, "payable")
    if not pots:
        return None
    pieces = [SharePiece(path.split("/")[1], chart.last(path), hand.part(model.held(path, c))) for path, c in pots]
    old = hand.one(again) if hand.often(0.3) else None
    if old is not None and model.booked[f"transfer_asked:{old}:1"].plan.currency != pots[0][1]:
        old = None
    return {"transfer": old or hand.new("t"), "pieces": pieces, "currency": pots[0][1], "attempt": 2 if old else 1}


def _refused(model: Model) -> list[str]:
    calls = [model.booked[key].call.arguments for key in model.by_kind.get("transfer_refused", ())]
    return [call["transfer"] for call in calls if call["attempt"] == 1]


@suggests
def transfer_confirmed(model: Model, hand: Hand) -> Arguments | None:
    pot = some_pot(model, hand, "transfer_pending")
    if pot is None:
        return None
    path, currency, whole = pot
    return {"transfer": chart.last(path), "amount": whole, "currency": currency, "outside_id": hand.new("txn_")}


@suggests
def transfer_refused(model: Model, hand: Hand) -> Arguments | None:
    pot = some_pot(model, hand, "transfer_pending")
    if pot is None:
        return None
    name = chart.last(pot[0])
    return {"transfer": name, "attempt": 2 if f"transfer_asked:{name}:2" in model.booked else 1}


@suggests
def transfer_reversed(model: Model, hand: Hand) -> Arguments | None:
    key = hand.one(model.by_kind.get("transfer_confirmed", ()))
    if key is None:
        return None
    name = model.booked[key].call.arguments["transfer"]
    asked = model.booked.get(f"transfer_asked:{name}:2") or model.booked[f"transfer_asked:{name}:1"]
    pieces = [
        SharePiece(each.share, each.contribution, hand.part(each.amount)) for each in asked.call.arguments["pieces"]
    ]
    return {"transfer": name, "pieces": pieces, "currency": asked.plan.currency, "outside_id": hand.new("txn_")}


@suggests
def topped_up(model: Model, hand: Hand) -> Arguments:
    return {"amount": hand.amount(), "currency": hand.currency(), "outside_id": hand.new("txn_")}


@suggests
def paid_out(model: Model, hand: Hand) -> Arguments:
    return topped_up(model, hand)


@suggests
def payout_returned(model: Model, hand: Hand) -> Arguments:
    return topped_up(model, hand) | {"set_apart": hand.chance.random() < 0.3}


@suggests
def drawn(model: Model, hand: Hand) -> Arguments:
    return {"key": hand.new("k"), "amount": hand.amount(), "currency": hand.currency(), "note": "by hand"}


@suggests
def vat_paid(model: Model, hand: Hand) -> Arguments:
    return drawn(model, hand) | {"country": hand.chance.choice(("DE", "FR"))}
