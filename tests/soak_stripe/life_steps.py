"""What becomes of money that waits: moved to another task, renewed, at its life's end; and stops. Part of STEPS."""

from __future__ import annotations

from tests.soak_stripe.cast import BACKERS, BUILDERS
from tests.soak_stripe.play import Given, Play


def move_money(play: Play) -> bool:
    """A backer moves their money to another task."""
    mine = [given for given in play.paid[-60:] if given.number not in play.merged]
    given = play.rng.choice(mine) if mine else None
    others = [number for number in play.recent() if number not in play.merged and (given and number != given.number)]
    if given is None or not others:
        return False
    number = play.rng.choice(others)
    status, body = play.processes.ask(
        "move", contribution=given.contribution, target=play.tasks[number], backer=given.backer
    )
    if status == 200:
        given.number, given.task, given.contribution = number, play.tasks[number], body["contribution"]
        play.had_money.add(number)
    return status == 200


def renew(play: Play) -> bool:
    """A backer begins to pay anew for the same task: the old money goes back once that is paid, if ever."""
    mine = [given for given in play.paid[-60:] if given.number not in play.merged]
    if not mine:
        return False
    old = play.rng.choice(mine)
    status, body = play.processes.ask("renew", contribution=old.contribution)
    if status == 200 and body["checkout"] not in {given.checkout for given in play.unpaid}:
        made = Given(old.task, old.number, old.backer, "", old.amount, body["contribution"], body["checkout"])
        play.unpaid.append(made)
    return status == 200


def months_pass(play: Play) -> bool:
    """So long that the life of some money ends."""
    return play.processes.days(play.rng.randint(30, 60))


def stop(play: Play) -> bool:
    """An operator stops outgoing money of a task or a person; seldom of all."""
    kind = play.rng.choices(("task", "backer", "builder", "site"), (5, 3, 3, 1))[0]
    number = {"backer": len(BACKERS), "builder": len(BUILDERS)}.get(kind, 1)
    target = play.rng.randrange(number)
    if kind == "task":
        if not play.tasks:
            return False
        target = play.tasks[play.rng.choice(play.recent())]
    return play.processes.ask("stop", kind=kind, target=target)[0] == 200


def lift_stop(play: Play) -> bool:
    """An operator lifts the oldest stop, also one that the site made by itself."""
    status, body = play.processes.ask("lift", most=1)
    return status == 200 and body["lifted"] > 0
