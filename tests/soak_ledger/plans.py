"""What each event books, read off the event table and the fee's formula in docs/ledger.md: one function an event.

Money in, releases and the operator's own; refunds and disputes are in `returns`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.soak_ledger import chart
from tests.soak_ledger.calls import Arguments, Call
from tests.soak_ledger.model import Booked, Model, Move, Pledge


@dataclass
class Plan:
    """Debit → credit, and what it changes in what is known of contributions."""

    key: str
    currency: str
    moves: list[Move] = field(default_factory=list)
    outside: str | None = None
    reverses: str | None = None
    refusals: set[str] = field(default_factory=set)
    totals: dict[str, dict[str, int]] = field(default_factory=dict)
    money: dict[str, int] = field(default_factory=dict)
    opens: list[Pledge] = field(default_factory=list)


Planner = Callable[[Model, Arguments], Plan]
PLANS: dict[str, Planner] = {}


def event(planner: Planner) -> Planner:
    """Register it under its name."""
    PLANS[planner.__name__] = planner
    return planner


def plan(model: Model, call: Call) -> Plan:
    """What a call books if nothing is against it."""
    return PLANS[call.event](model, call.arguments)


@event
def captured(model: Model, a: Arguments) -> Plan:
    return _arrives(f"captured:{a['payment']}", "clearing", a)


@event
def suspense_matched(model: Model, a: Arguments) -> Plan:
    arriving = _arrives(f"suspense_matched:{a['payment']}", f"suspense/{a['payment']}", a)
    arriving.money = {}
    return arriving


def _arrives(key: str, source: str, a: Arguments) -> Plan:
    name, amount, fee, vat = a["contribution"], a["amount"], a["fee"], a["vat"]
    moves = [(source, f"escrow/{name}", amount), (source, f"fee_held/{name}", fee), (source, f"vat_held/{name}", vat)]
    pledge = Pledge(name, amount, fee, vat, a["currency"], country_of(name))
    return Plan(
        key, a["currency"], moves, a.get("outside_id"), opens=[pledge], money={name: amount + fee + vat}
    )  # fmt: skip


def country_of(name: str) -> str:
    """Where the tax on a contribution's fee is due."""
    return "DE" if int(name[1:]) % 2 else "FR"


@event
def captured_late(model: Model, a: Arguments) -> Plan:
    moves = [("clearing", f"refund_pending/{a['refund']}", a["amount"])]
    return Plan(f"captured:{a['payment']}", a["currency"], moves, a["outside_id"], money=_comes(a))


@event
def captured_wrong(model: Model, a: Arguments) -> Plan:
    moves = [("clearing", f"suspense/{a['payment']}", a["amount"])]
    return Plan(f"captured:{a['payment']}", a["currency"], moves, a["outside_id"], money=_comes(a))


@event
def suspense_returned(model: Model, a: Arguments) -> Plan:
    moves = [(f"suspense/{a['payment']}", f"refund_pending/{a['refund']}", a["amount"])]
    return Plan(f"suspense_returned:{a['payment']}", a["currency"], moves)


def _comes(a: Arguments) -> dict[str, int]:
    return {a["contribution"]: a["amount"]}


@event
def cost(model: Model, a: Arguments) -> Plan:
    there, amount = ("cost/processor", "clearing"), a["amount"]
    moves = [(*there, amount) if amount >= 0 else (*there[::-1], -amount)]
    return Plan(f"cost:{a['outside_id']}", a["currency"], moves, a["outside_id"])


@event
def topped_up(model: Model, a: Arguments) -> Plan:
    moves = [("clearing", "own/float", a["amount"])]
    return Plan(f"topped_up:{a['outside_id']}", a["currency"], moves, a["outside_id"])


@event
def paid_out(model: Model, a: Arguments) -> Plan:
    moves = [("bank", "clearing", a["amount"])]
    return Plan(f"paid_out:{a['outside_id']}", a["currency"], moves, a["outside_id"])


@event
def payout_returned(model: Model, a: Arguments) -> Plan:
    place = "bank/unclaimed" if a["set_apart"] else "bank"
    return Plan(
        f"payout_returned:{a['outside_id']}", a["currency"], [("clearing", place, a["amount"])], a["outside_id"]
    )


@event
def drawn(model: Model, a: Arguments) -> Plan:
    return Plan(a["key"], a["currency"], [("own/float", "bank", a["amount"])])


@event
def vat_paid(model: Model, a: Arguments) -> Plan:
    return Plan(a["key"], a["currency"], [(f"vat_due/{a['country']}", "bank", a["amount"])])


@event
def released(model: Model, a: Arguments) -> Plan:
    return _pays(model, a, lambda each: f"escrow/{each.contribution}")


@event
def holdback_released(model: Model, a: Arguments) -> Plan:
    return _pays(model, a, lambda each: f"holdback/{each.share}/{each.contribution}")


@event
def kept_claimed(model: Model, a: Arguments) -> Plan:
    return _pays(model, a, lambda each: f"kept_for/{each.share}/{each.contribution}")


@event
def became_unsendable(model: Model, a: Arguments) -> Plan:
    return _stops_paying(model, a, lambda each: f"kept_for/{each.share}/{each.contribution}")


@event
def release_undone(model: Model, a: Arguments) -> Plan:
    return _stops_paying(model, a, lambda each: f"escrow/{each.contribution}")


Path = Callable[[Any], str]


def _pays(model: Model, a: Arguments, source: Path) -> Plan:
    made = Plan(a["key"], a["terms"][0].currency)
    pays: dict[str, int] = {}
    for each in a["pieces"]:
        made.moves.append((source(each), f"{each.into}/{each.share}/{each.contribution}", each.amount))
        if each.into == "payable":
            pays[each.contribution] = pays.get(each.contribution, 0) + each.amount
    return _earning(model, a, made, pays)


def _stops_paying(model: Model, a: Arguments, target: Path) -> Plan:
    made = Plan(a["key"], a["terms"][0].currency)
    pays: dict[str, int] = {}
    for each in a["pieces"]:
        made.moves.append((f"payable/{each.share}/{each.contribution}", target(each), each.amount))
        pays[each.contribution] = pays.get(each.contribution, 0) - each.amount
    return _earning(model, a, made, pays)


def _earning(model: Model, a: Arguments, made: Plan, pays: dict[str, int]) -> Plan:
    """The fee is earned, or held again, by what its contribution has paid in all."""
    if len({terms.currency for terms in a["terms"]}) > 1:
        made.refusals.add("CurrencyMismatch")
    terms = {each.contribution: each for each in a["terms"]}
    for name, amount in pays.items():
        pledge = pledge_of(model, terms[name])
        fee, vat = _earned(model, pledge, made.currency, amount) if amount else (0, 0)
        made.moves.append(directed(f"fee_held/{name}", "income/fee", fee))
        made.moves.append(directed(f"vat_held/{name}", f"vat_due/{pledge.country}", vat))
        made.totals[name] = {"paid": amount, "fee_earned": fee, "vat_earned": vat}
        made.money[name] = -fee - vat
    return made


def pledge_of(model: Model, terms: Any) -> Pledge:
    """What is known of a contribution, or what the caller says of one that nobody has paid."""
    said = Pledge(terms.contribution, terms.amount, terms.fee, terms.vat, terms.currency, terms.country)
    return model.pledges.get(terms.contribution, said)


def directed(debit: str, credit: str, amount: int) -> Move:
    """The other way round for a negative amount."""
    return (debit, credit, amount) if amount >= 0 else (credit, debit, -amount)


def _earned(model: Model, pledge: Pledge, currency: str, amount: int) -> tuple[int, int]:
    """⌊fee × paid in all / amount⌋ − earned before; all that is left when it is the last money."""
    fee_here, vat_here = held_fee(model, pledge.name, currency)
    if amount > 0 and amount >= undecided(model, pledge.name, currency):
        return fee_here, vat_here
    paid = pledge.paid + amount
    fee = pledge.fee * paid // pledge.amount - pledge.fee_earned
    vat = pledge.vat * paid // pledge.amount - pledge.vat_earned
    return (fee, vat) if amount < 0 else (within(fee, fee_here), within(vat, vat_here))


def held_fee(model: Model, name: str, currency: str) -> tuple[int, int]:
    """Fee and tax that are still held."""
    return model.held(f"fee_held/{name}", currency), model.held(f"vat_held/{name}", currency)


def undecided(model: Model, name: str, currency: str) -> int:
    """What nobody has got yet: the movement of all of it is the last."""
    return sum(model.still_here(name, currency, ("escrow", "holdback", "kept_for", "frozen")).values())


def within(due: int, here: int) -> int:
    """A movement can't take back what an earlier last one took ahead, nor more than there is."""
    return max(0, min(due, here))


@event
def transfer_asked(model: Model, a: Arguments) -> Plan:
    pending = f"transfer_pending/{a['transfer']}"
    moves = [(payable(each), pending, each.amount) for each in a["pieces"]]
    key = f"transfer_asked:{a['transfer']}:{a['attempt']}"
    return Plan(key, a["currency"], moves, money=_of_pieces(a["pieces"], -1))


@event
def transfer_confirmed(model: Model, a: Arguments) -> Plan:
    moves = [(f"transfer_pending/{a['transfer']}", "clearing", a["amount"])]
    return Plan(f"transfer_confirmed:{a['transfer']}", a["currency"], moves, a["outside_id"])


@event
def transfer_refused(model: Model, a: Arguments) -> Plan:
    which = f"{a['transfer']}:{a['attempt']}"
    made = undoing(model, f"transfer_refused:{which}", f"transfer_asked:{which}")
    asked = model.booked.get(made.reverses or "")
    made.money = _of_pieces(asked.call.arguments["pieces"], 1) if asked else {}
    return made


@event
def transfer_reversed(model: Model, a: Arguments) -> Plan:
    moves = [("clearing", payable(each), each.amount) for each in a["pieces"]]
    key = f"transfer_reversed:{a['outside_id']}"
    return Plan(key, a["currency"], moves, a["outside_id"], money=_of_pieces(a["pieces"], 1))


def payable(piece: Any) -> str:
    """A share's released part of a contribution."""
    return f"payable/{piece.share}/{piece.contribution}"


def _of_pieces(pieces: list[Any], sign: int) -> dict[str, int]:
    sums: dict[str, int] = {}
    for each in pieces:
        sums[each.contribution] = sums.get(each.contribution, 0) + sign * each.amount
    return sums


@event
def reversal(model: Model, a: Arguments) -> Plan:
    """Not an event of its own: somebody reverses an entry under a key of his own making."""
    made = undoing(model, a["key"], a["of"])
    made.outside = None
    return made


def undoing(model: Model, key: str, of: str) -> Plan:
    """The exact opposite of an entry, once."""
    first = model.booked.get(of)
    if first is None:
        return Plan(key, "EUR", refusals={"EntryNotFound"})
    refusals = {"AlreadyReversed"} if first.plan.reverses else set()
    return Plan(key, first.plan.currency, _opposite(first), reverses=of, refusals=refusals)


def _opposite(first: Booked) -> list[Move]:
    return [directed(path, "", -amount) for path, (amount, _) in first.lines.items()]


def of_kinds(first: Booked, kinds: tuple[str, ...]) -> dict[str, int]:
    """What an entry took out of accounts of these kinds."""
    return {path: amount for path, (amount, _) in first.lines.items() if chart.kind_of(path) in kinds and amount > 0}
