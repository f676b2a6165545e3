"""What refunds, moves and disputes book; the other half of `plans`."""

from __future__ import annotations

from tests.soak_ledger import chart
from tests.soak_ledger.calls import Arguments
from tests.soak_ledger.model import Model, Pledge
from tests.soak_ledger.plans import Plan, country_of, event, held_fee, of_kinds, pledge_of, undecided, undoing, within


@event
def refund_asked(model: Model, a: Arguments) -> Plan:
    terms, parts = a["terms"], a["from_shares"]
    name, pending = terms.contribution, f"refund_pending/{a['refund']}"
    amount = a["from_escrow"] + sum(part.amount for part in parts)
    fee, vat = _returned(model, pledge_of(model, terms), terms.currency, amount)
    moves = [
        (f"escrow/{name}", pending, a["from_escrow"]),
        *((f"{part.place}/{part.share}/{name}", pending, part.amount) for part in parts),
        (f"fee_held/{name}", pending, fee),
        (f"vat_held/{name}", pending, vat),
        (pending, "income/withdrawal", a["kept"]),
        ("cost/refund", pending, a["goodwill"]),
    ]
    return Plan(
        f"refund_asked:{a['refund']}", terms.currency, moves,
        totals={name: {"returned": amount, "fee_returned": fee, "vat_returned": vat}},
        money={name: a["goodwill"] - a["kept"]},
    )  # fmt: skip


def _returned(model: Model, pledge: Pledge, currency: str, amount: int) -> tuple[int, int]:
    """⌊fee × returned in all / amount⌋ − returned before; all that is left when it is the last money."""
    fee_here, vat_here = held_fee(model, pledge.name, currency)
    if amount > 0 and amount >= undecided(model, pledge.name, currency):
        return fee_here, vat_here
    returned = pledge.returned + amount
    fee = pledge.fee * returned // pledge.amount - pledge.fee_returned
    vat = pledge.vat * returned // pledge.amount - pledge.vat_returned
    return within(fee, fee_here), within(vat, vat_here)


@event
def refund_debited(model: Model, a: Arguments) -> Plan:
    moves = [(f"refund_pending/{a['refund']}", "clearing", a["amount"])]
    return Plan(f"refund_debited:{a['refund']}", a["currency"], moves, a["outside_id"], money=_changes(a, -1))


@event
def refund_failed(model: Model, a: Arguments) -> Plan:
    moves = [(f"refund_pending/{a['refund']}", f"unclaimed_refund/{a['contribution']}", a["amount"])]
    return Plan(f"refund_failed:{a['refund']}", a["currency"], moves)


@event
def refund_came_back(model: Model, a: Arguments) -> Plan:
    moves = [("clearing", f"unclaimed_refund/{a['contribution']}", a["amount"])]
    return Plan(f"refund_failed:{a['refund']}", a["currency"], moves, a["outside_id"], money=_changes(a, 1))


@event
def unclaimed_asked(model: Model, a: Arguments) -> Plan:
    moves = [(f"unclaimed_refund/{a['contribution']}", f"refund_pending/{a['refund']}", a["amount"])]
    return Plan(f"unclaimed_asked:{a['refund']}", a["currency"], moves)


@event
def unclaimed_paid(model: Model, a: Arguments) -> Plan:
    bank = "bank/unclaimed" if a["set_apart"] else "bank"
    moves = [(f"unclaimed_refund/{a['contribution']}", bank, a["amount"])]
    return Plan(a["key"], a["currency"], moves, money=_changes(a, -1))


@event
def unclaimed_set_apart(model: Model, a: Arguments) -> Plan:
    moves = [("bank/unclaimed", "clearing", a["amount"])]
    return Plan(f"unclaimed_set_apart:{a['outside_id']}", a["currency"], moves, a["outside_id"])


def _changes(a: Arguments, sign: int) -> dict[str, int]:
    return {a["contribution"]: sign * a["amount"]}


@event
def moved(model: Model, a: Arguments) -> Plan:
    source, target, currency = a["source"], a["target"], a["currency"]
    gone = {kind: model.held(f"{kind}/{source}", currency) for kind in ("escrow", "fee_held", "vat_held")}
    moves = [(f"{kind}/{source}", f"{kind}/{target}", amount) for kind, amount in gone.items()]
    pledge = Pledge(target, gone["escrow"], gone["fee_held"], gone["vat_held"], currency, country_of(target))
    whole = sum(gone.values())
    return Plan(a["key"], currency, moves, opens=[pledge], money={source: -whole, target: whole})


@event
def dispute_warned(model: Model, a: Arguments) -> Plan:
    here = model.still_here(a["contribution"], a["currency"], chart.FROZEN_FIRST)
    frozen = f"frozen/{a['dispute']}"
    moves = [(frozen, frozen, 0), *((path, frozen, amount) for path, amount in here.items())]
    return Plan(f"dispute_warned:{a['dispute']}", a["currency"], moves)


@event
def dispute_warning_over(model: Model, a: Arguments) -> Plan:
    return undoing(model, f"dispute_warning_over:{a['dispute']}", f"dispute_warned:{a['dispute']}")


@event
def dispute_warning_refunded(model: Model, a: Arguments) -> Plan:
    moves = [(f"frozen/{a['dispute']}", f"refund_pending/{a['refund']}", a["amount"])]
    return Plan(f"dispute_warning_refunded:{a['dispute']}", a["currency"], moves)


@event
def dispute_withdrawn(model: Model, a: Arguments) -> Plan:
    funds, frozen, left = f"dispute_funds/{a['dispute']}", f"frozen/{a['dispute']}", a["amount"]
    moves = [(funds, "clearing", a["amount"]), ("cost/dispute", "clearing", a["fee"])]
    for path, amount in model.still_here(a["contribution"], a["currency"], chart.FROZEN_FIRST).items():
        moves.append((path, frozen, min(amount, left)))
        left -= min(amount, left)
    return Plan(f"dispute_withdrawn:{a['dispute']}", a["currency"], moves, a["outside_id"])


@event
def dispute_lost(model: Model, a: Arguments) -> Plan:
    taken, covered = _both(model, a)
    funds = f"dispute_funds/{a['dispute']}"
    moves = [(f"frozen/{a['dispute']}", funds, covered), ("cost/chargeback_loss", funds, taken - covered)]
    return Plan(f"dispute_ended:{a['dispute']}", a["currency"], moves, money={a["contribution"]: -covered})


@event
def dispute_won(model: Model, a: Arguments) -> Plan:
    (taken, covered), frozen = _both(model, a), f"frozen/{a['dispute']}"
    made = Plan(f"dispute_ended:{a['dispute']}", a["currency"], outside=a["outside_id"])
    made.moves.append(("clearing", f"dispute_funds/{a['dispute']}", taken))
    withdrawal = model.booked.get(f"dispute_withdrawn:{a['dispute']}")
    if a["refund"] is not None:
        made.moves.append((frozen, f"refund_pending/{a['refund']}", covered))
    elif withdrawal is None:
        made.refusals.add("EntryNotFound")
    else:
        came_from = of_kinds(withdrawal, chart.FROZEN_FIRST)
        made.moves.extend((frozen, path, amount) for path, amount in came_from.items())
    return made


def _both(model: Model, a: Arguments) -> tuple[int, int]:
    """What the bank has taken in a dispute, and what is frozen for it."""
    taken = model.held(f"dispute_funds/{a['dispute']}", a["currency"])
    return taken, model.held(f"frozen/{a['dispute']}", a["currency"])
