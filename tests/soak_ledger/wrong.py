"""Spoils a step: asked for twice, under a key of something else, too much, in another currency, and so on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.soak_ledger.calls import Arguments, Call
from tests.soak_ledger.hand import Hand
from tests.soak_ledger.model import Model, Refused

Spoil = Callable[[Model, Hand, Call], Arguments | None]
OTHER = {"EUR": "JPY", "JPY": "EUR"}


def again(model: Model, hand: Hand) -> Call | None:
    """What was booked before comes again: told by somebody else, at another time, its pieces in another order."""
    key = hand.one(list(model.booked)[-400:])
    if key is None:
        return None
    first = model.booked[key].call
    arguments = {name: value[::-1] if isinstance(value, list) else value for name, value in first.arguments.items()}
    return Call(first.event, arguments, actor="somebody else", minute=first.minute + 1)


def other_content(model: Model, hand: Hand, call: Call) -> Arguments | None:
    """An event booked before comes again under its key, with one thing changed."""
    first = again(model, hand)
    if first is None:
        return None
    changed = hand.chance.choice((more, other_currency, other_processor_id, none_at_all))(model, hand, first)
    return None if changed is None else changed | {"_event": first.event}


def more(model: Model, hand: Hand, call: Call) -> Arguments | None:
    """More than there is, or a unit more than there was."""
    return _amounts(call, lambda amount: amount + hand.chance.choice((1, 10**12)))


def too_large(model: Model, hand: Hand, call: Call) -> Arguments | None:
    """More than 64 bits hold."""
    return _amounts(call, lambda amount: 2**63 + amount)


def none_at_all(model: Model, hand: Hand, call: Call) -> Arguments | None:
    """Nothing to move."""
    return _amounts(call, lambda amount: 0)


def _amounts(call: Call, change: Callable[[int], int]) -> Arguments | None:
    changed = dict(call.arguments)
    for name in ("amount", "from_escrow"):
        if changed.get(name):
            changed[name] = change(changed[name])
    for name in ("fee", "vat", "kept", "goodwill"):
        if name in changed and change(1) == 0:
            changed[name] = 0
    for name in ("pieces", "from_shares"):
        if name in changed:
            changed[name] = [replace(each, amount=change(each.amount)) for each in changed[name]]
    return changed if changed != call.arguments else None


def other_currency(model: Model, hand: Hand, call: Call) -> Arguments:
    """Everything in the other currency."""
    return {name: _other(value) for name, value in call.arguments.items()}


def _other(value: Any) -> Any:
    if isinstance(value, list):
        return [_other(each) for each in value]
    if isinstance(value, str):
        return OTHER.get(value, value)
    if hasattr(value, "currency"):
        return replace(value, currency=OTHER[value.currency])
    return value


def two_currencies(model: Model, hand: Hand, call: Call) -> Arguments | None:
    """One release of two contributions in two currencies."""
    terms = call.arguments.get("terms")
    if not isinstance(terms, list) or len(terms) < 2:
        return None
    return call.arguments | {"terms": [_other(terms[0]), *terms[1:]]}


def other_processor_id(model: Model, hand: Hand, call: Call) -> Arguments | None:
    """An id of the processor's that is new, was booked already, or is missing."""
    if "outside_id" not in call.arguments:
        return None
    booked = [model.booked[key].plan.outside for key in model.by_kind.get(call.event, ())[-50:]]
    return call.arguments | {"outside_id": hand.chance.choice((hand.new("txn_"), hand.one(booked) or "", ""))}


def nothing_before(model: Model, hand: Hand, call: Call) -> Arguments | None:
    """It follows something that was never booked."""
    for name in ("transfer", "dispute", "refund"):
        if name in call.arguments:
            return call.arguments | {name: hand.new("x")}
    return None


def reversed_by_hand(model: Model, hand: Hand, call: Call) -> Arguments | None:
    """A second reversal, or the reversal of a reversal."""
    undone = hand.one(list(model.reversed))
    if undone is None:
        return None
    return {"_event": "reversal", "key": hand.new("k"), "of": hand.chance.choice((undone, model.reversed[undone]))}


WAYS: tuple[Spoil, ...] = (
    other_content, other_content, more, too_large, none_at_all, other_currency, two_currencies, other_processor_id,
    nothing_before, reversed_by_hand,
)  # fmt: skip


def spoiled(model: Model, hand: Hand, call: Call) -> Call | None:
    """The same call with something wrong about it; None when this way finds nothing to spoil."""
    found = hand.chance.choice(WAYS)(model, hand, call)
    if found is None:
        return None
    changed = dict(found)
    event = changed.pop("_event", call.event)
    made = replace(call, event=event, arguments=changed)
    return made if isinstance(model.expect(made), Refused) else None
