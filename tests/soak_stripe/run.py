"""One seed from its beginning to its rest: steps by chance among faults by chance, then everything drains."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bountyhub import settings
from bountyhub.cli.migrating import migrate_or_refuse
from bountyhub.kit import database
from tests.crash.nursery import Nursery
from tests.soak_stripe.checks import faults
from tests.soak_stripe.drain import drain
from tests.soak_stripe.ended import Ended
from tests.soak_stripe.play import Play
from tests.soak_stripe.processes import DidNotEnd, Processes
from tests.soak_stripe.steps import STEPS, connect, name_of

#: In a thousand requests or webhooks.
RATES = {
    "rate_lost_answer": 8, "rate_unavailable": 8, "rate_rate_limited": 8, "rate_error_before": 8,
    "rate_error_after": 8, "rate_timeout_before": 8, "rate_timeout_after": 8, "rate_webhook_delayed": 25,
    "rate_webhook_duplicated": 25, "rate_webhook_reordered": 40, "rate_webhook_lost": 25,
}  # fmt: skip
#: More webhooks waiting than this, and people pause.
BACKLOG = 150
#: However short a play is, each of these happens, so that there is something to look at.
NEEDED = ("answer dispute", "decide dispute", "dispute", "move money", "promise", "stop", "warn")
#: Each step is printed, to find where it hangs.
TRACE = bool(os.environ.get("SOAK_TRACE"))
#: Own funds for the costs of everything, minor units.
FLOAT = 10_000_000


#: What is counted at the processor in the end.
KINDS = (
    "charge", "refund", "transfer", "transfer_reversal", "account", "dispute", "early_fraud_warning", "setup_intent",
    "event",
)  # fmt: skip
#: The application's settings, for whoever looks at the folder later.
SETTINGS = "settings.json"


@dataclass
class Result:
    """What one seed came to."""

    seed: int
    funded: int = 0
    seconds: float = 0.0
    accepted: Counter[str] = field(default_factory=Counter)
    drawn: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    objects: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def as_json(self) -> str:
        return json.dumps(self.__dict__)

    @classmethod
    def from_json(cls, text: str) -> Result:
        given: dict[str, Any] = json.loads(text)
        for name in ("accepted", "drawn", "faults", "objects"):
            given[name] = Counter(given[name])
        return cls(**given)


def soak(folder: Path, seed: int, funded: int, *, kills: int, multiply: int = 1) -> Result:
    """So many funded tasks; the folder holds both sides' files afterwards."""
    rng, began, result = Random(seed), time.monotonic(), Result(seed)
    nursery = Nursery()
    processes = Processes(nursery, folder, rng)
    (folder / SETTINGS).write_text(json.dumps(processes.settings))
    here = settings.load(**processes.settings)
    settings.use(here)
    migrate_or_refuse(here)
    database.configure(here.DATABASE_URL)
    try:
        play = _begin(processes, rng, seed, funded, multiply)
        _play(play, result, kills)
        drain(play, faults=RATES)
        result.faults = Counter(processes.control("faults")[1])
    except DidNotEnd as problem:
        result.wrong.append(f"it does not come to rest: {problem}")
    finally:
        processes.stop()
        nursery.close()
    result.faults["kill -9"] = processes.kills
    ended = Ended(processes.stand_ins)
    result.wrong += faults(ended)
    for kind in KINDS:
        result.objects[kind] = len(ended.documents(f"stripe.{kind}"))
    result.seconds = time.monotonic() - began
    database.engine().dispose()
    return result


def _begin(processes: Processes, rng: Random, seed: int, funded: int, multiply: int) -> Play:
    processes.start()
    play = Play(processes, rng, funded, lives_end=seed % 2 == 0)
    assert processes.as_operator("/v1/topups", amount=FLOAT, currency="eur") == 200
    assert processes.ask("begin")[0] == 200
    processes.quiet(30)
    processes.ask("sweep")
    processes.control("options", async_seconds=1, refund_seconds=1, delay_seconds=2)
    while len(play.accounts) < 3:
        connect(play)
    processes.quiet(30)
    rates = {name: rate * multiply for name, rate in RATES.items()}
    processes.control("options", fault_seed=seed, **rates)
    return play


def _play(play: Play, result: Result, kills: int) -> None:
    """Steps by their weights; kills besides, so that there are as many as wanted."""
    steps, weights = list(STEPS), list(STEPS.values())
    pause = time.monotonic() + 1
    while not _enough(play, result):
        if play.funded_tasks() >= play.funded * (result.drawn["kill"] + 1) / (kills + 1):
            step = next(one for one in steps if one.__name__ == "kill")
        else:
            step = play.rng.choices(steps, weights)[0]
        accepted = step(play)
        if TRACE:
            print(
                f"{time.monotonic():.1f} {name_of(step)} {accepted} {play.funded_tasks()} {play.processes.last}",
                flush=True,
            )
        result.drawn[name_of(step)] += 1
        result.accepted[name_of(step)] += accepted
        play.processes.revive(armed=True)
        if time.monotonic() > pause:
            _let_them_catch_up(play)
            pause = time.monotonic() + 1
    result.funded = play.funded_tasks()


def _enough(play: Play, result: Result) -> bool:
    if play.funded_tasks() < play.funded or len(play.merged) < play.funded * 0.6:
        return False
    return all(result.accepted[name] for name in NEEDED)


def _let_them_catch_up(play: Play) -> None:
    deadline = time.monotonic() + 20
    while len(play.processes.documents("delivery", "waiting")) > BACKLOG and time.monotonic() < deadline:
        play.processes.revive(armed=True)
        time.sleep(0.1)
