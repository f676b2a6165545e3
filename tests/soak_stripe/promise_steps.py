"""Promises: a card saved now, charged when the work is merged. Part of STEPS."""

from __future__ import annotations

from tests.soak_stripe.cast import BACKERS
from tests.soak_stripe.play import Play, Promised
from tests.soak_stripe.processes import Body

GOOD, ASKS_ONCE = "4242424242424242", "4000002500003155"
#: Its bank wants its owner at the charge as well; every charge of it is declined; it can't be saved at all.
ASKS_AGAIN, DECLINES, BAD = "4000002760003184", "4000000000000341", "4000000000000002"
CARDS = (GOOD, GOOD, ASKS_ONCE, ASKS_AGAIN, ASKS_AGAIN, DECLINES)
#: Why a charge failed that its owner can still confirm.
WANTS_OWNER = ("authentication_required", "payment_intent_authentication_failure")


def promise(play: Play) -> bool:
    """Somebody promises: the form, then the page that saves the card; some never use it, some cards can't be saved."""
    numbers = [number for number in play.recent() if number not in play.merged]
    if not numbers:
        return False
    rng, number = play.rng, play.rng.choice(numbers)
    asked: Body = {
        "task": play.tasks[number], "backer": rng.randrange(len(BACKERS)), "nonce": f"word{rng.getrandbits(64):016x}",
        "amount": rng.choice((500, 1500, 3000)),
    }  # fmt: skip
    status, body = play.processes.ask("promise", **asked)
    if rng.random() < 0.1:  # a double click
        status, body = play.processes.ask("promise", **asked)
    if status != 200 or not body["page"]:
        return False
    if rng.random() < 0.1:
        play.processes.control("pay", session=body["page"], card=BAD)
    if not play.promised or rng.random() < 0.9:
        card = rng.choice(CARDS) if play.promised else GOOD
        status, _ = play.processes.control("pay", session=body["page"], card=card)
    play.promised.append(Promised(number, asked["backer"], body["ref"]))
    return status == 200


def withdraw_promise(play: Play) -> bool:
    """A backer takes their word back."""
    given = [one for one in play.promised[1:] if one.number not in play.merged]
    if not given:
        return False
    one = play.rng.choice(given)
    status, _ = play.processes.ask("withdraw_promise", promise=one.ref, backer=one.backer)
    return status == 200


def confirm_charge(play: Play) -> bool:
    """A backer goes to their bank, as the mail asks, and says yes or no there; who doesn't lets the charge lapse."""
    waiting = wants_owner(play)
    if not waiting:
        return False
    status, body = play.processes.ask("confirm_charge", intent=play.rng.choice(waiting[-10:])["id"])
    if status == 200 and body["bank"]:
        sure = play.rng.random() < 0.8
        play.processes.visit(body["url"], answer="complete" if sure else "fail")
    return status == 200


def wants_owner(play: Play) -> list[Body]:
    """Charges of saved cards that wait for their owners."""
    found = []
    for each in play.processes.documents("stripe.payment_intent"):
        failed = (each["last_payment_error"] or {}).get("code") in WANTS_OWNER
        if each["customer"] and (each["status"] == "requires_action" or failed):
            found.append(each)
    return [each for each in found if each["status"] in ("requires_payment_method", "requires_action")]
