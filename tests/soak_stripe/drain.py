"""The end of a play: no more faults, everybody decides what waits for them, time passes, nothing is on its way."""

from __future__ import annotations

import time
from itertools import count

from tests.soak_stripe.bank_steps import decide, undecided
from tests.soak_stripe.checks import intents
from tests.soak_stripe.ended import Ended
from tests.soak_stripe.play import Play
from tests.soak_stripe.steps import merge_one, open_task, pay

#: In the end every sweep runs so often at least, and until nothing lacks its outcome; then it counts as lost.
LEAST_SWEEPS, PATIENCE = 2, 300.0
#: Warned money goes back after a day, promises that want their owner lapse after seven, warnings age out after thirty.
DAYS = (2, 8, 31)
#: Then every life is over; not in all plays, so that much held money is looked at as well.
LIFE = 90


def drain(play: Play, *, faults: dict[str, int]) -> None:
    """`faults`: the rates that are switched off."""
    play.processes.control("options", **dict.fromkeys(faults, 0))
    for account in sorted(play.restricted):
        play.processes.control("complete_onboarding", account=account, ending="finished")
    play.processes.quiet(PATIENCE)
    for number in sorted({one.number for one in play.promised} - play.merged)[:10]:
        merge_one(play, number)
    play.processes.quiet(PATIENCE)
    for days in (*DAYS, LIFE) if play.lives_end else DAYS:
        _settle_what_waits(play)
        _pass(play, days)
    _fund_once_more(play)
    _settle_what_waits(play)
    _sweep_until_done(play)


def _fund_once_more(play: Play) -> None:
    """Of a new task, so that some money is held in the end; nobody uses the pages that are still open."""
    play.unpaid.clear()
    before = len(play.paid)
    for _ in range(20):
        open_task(play)
        pay(play)
        if len(play.paid) > before:
            break


def _settle_what_waits(play: Play) -> None:
    """Banks decide, and the operator lifts every stop, those that the site made by itself too."""
    while found := undecided(play):
        for one in found:
            decide(play, one)
    _ask(play, "lift", most=1000)
    play.processes.quiet(PATIENCE)


def _pass(play: Play, days: int) -> None:
    """Every sweep runs when time has moved."""
    for _ in range(5):
        if play.processes.days(days):
            break
        play.processes.revive()
    play.processes.quiet(PATIENCE)


def _ask(play: Play, door: str, **body: int) -> None:
    """Until it was heard: the application may still be killed at a call."""
    for _ in range(5):
        if play.processes.ask(door, **body)[0] == 200:
            return


def _sweep_until_done(play: Play) -> None:
    ended, deadline = Ended(play.processes.stand_ins), time.monotonic() + PATIENCE
    for number in count(1):
        play.processes.quiet(PATIENCE)
        play.processes.ask("sweep")
        time.sleep(1)
        if number > LEAST_SWEEPS and (not list(intents(ended)) or time.monotonic() > deadline):
            break
    play.processes.quiet(PATIENCE)
