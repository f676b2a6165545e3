"""Draws the next steps: most make sense in the books as they stand, some are spoiled, come twice or two at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tests.soak_ledger import back, returns, steps, wrong
from tests.soak_ledger.calls import Call, Race
from tests.soak_ledger.hand import SUGGESTIONS, Hand
from tests.soak_ledger.model import Model

#: Each of them fills a register as it is read.
EVENTS = sorted(SUGGESTIONS)
_READ = (back, returns, steps)

#: Events of which two can name the same accounts in opposite orders; one of them can happen at any time.
OPPOSABLE = ("cost", "transfer_asked", "transfer_reversed")
#: Deep books have few contributions, of which each goes through much.
ARRIVALS = ("captured", "captured_late", "captured_wrong", "moved")
SPOILED, AGAIN = 0.2, 0.07
#: A name that makes a rival of a call: the same money, under another key.
RENAMED = {"key": "k", "refund": "r", "transfer": "t", "outside_id": "txn_"}


def draw_calls(model: Callable[[], Model], hand: Hand) -> Iterator[Call]:
    """One to four, each drawn when the one before it was booked."""
    for _ in range(hand.chance.choice((1, 1, 2, 4))):
        yield draw(model(), hand)


def draw(model: Model, hand: Hand) -> Call:
    """The next call."""
    if hand.often(AGAIN):
        call = wrong.again(model, hand)
        if call is not None:
            return call
    call = sensible(model, hand)
    if hand.often(SPOILED):
        return wrong.spoiled(model, hand, call) or call
    return call


def sensible(model: Model, hand: Hand, events: Sequence[str] = EVENTS) -> Call:
    """Any of these events that can happen now, each as likely as the other."""
    while True:
        event = hand.chance.choice(events)
        if hand.deep and event in ARRIVALS and hand.often(0.85):
            continue
        arguments = SUGGESTIONS[event](model, hand)
        if arguments is not None:
            return Call(event, arguments, actor=hand.chance.choice(("stripe", "operator")), minute=_minute(hand))


def _minute(hand: Hand) -> int:
    return hand.chance.randint(0, 500_000)


def draw_race(model: Model, hand: Hand) -> Race:
    """The same call twice, two that want the same money, or two that have nothing to do with each other."""
    call = draw(model, hand)
    kind, in_step = hand.chance.random(), hand.often(0.5)
    if kind < 0.3:
        return Race(call, replace(call, actor="somebody else"), in_step)
    if kind < 0.5:
        return Race(call, _rival(hand, call), in_step)
    if kind < 0.7:
        call = sensible(model, hand, OPPOSABLE)
        return Race(call, _rival(hand, call), in_step)
    return Race(call, draw(model, hand), in_step)


def _rival(hand: Hand, call: Call) -> Call:
    """It names the same accounts in the opposite order, where it can."""
    arguments = {name: value[::-1] if isinstance(value, list) else value for name, value in call.arguments.items()}
    for name, prefix in RENAMED.items():
        if arguments.get(name):
            arguments[name] = hand.new(prefix)
    if call.event == "cost":
        arguments["amount"] *= -1
    return replace(call, arguments=arguments)
