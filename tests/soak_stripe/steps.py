"""What people and the processor do, one function a step: a line of STEPS is all a new kind of step needs.

A function takes the play, does one thing, and says whether it was accepted. What it began and a crash swallowed is
found again by the application itself, never by these.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.soak_stripe.bank_steps import answer_dispute, decide_dispute, dispute, keep_warned, warn
from tests.soak_stripe.cast import BACKERS, BUILDERS
from tests.soak_stripe.life_steps import lift_stop, months_pass, move_money, renew, stop
from tests.soak_stripe.play import Given, Play
from tests.soak_stripe.promise_steps import confirm_charge, promise, withdraw_promise

GOOD = ("4242424242424242", "5555555555554444", "4000003920000003", "4000002760003184", "4000000000007726")
BAD = ("4000000000000002", "4000000000009995", "4000000000000069")
REFUND_FAILS = "4000000000005126"


def open_task(play: Play) -> bool:
    """A new task, with its first order."""
    number = len(play.tasks) + 1
    status, body = play.processes.ask("task", number=number)
    if status != 200:
        return False
    play.tasks[number] = body["task"]
    return _order(play, number)


def order(play: Play) -> bool:
    """One more order, of a task that isn't merged (or just was: late)."""
    if not play.tasks:
        return False
    return _order(play, play.rng.choice(play.recent()))


def _order(play: Play, number: int) -> bool:
    rng = play.rng
    given = Given(
        play.tasks[number], number, rng.randrange(len(BACKERS)), f"soak{rng.getrandbits(64):016x}",
        rng.choice((500, 1234, 2500, 5000, 9999)),
    )  # fmt: skip
    done = _ask(play, given)
    if rng.random() < 0.1:  # a double click
        _ask(play, given)
    if given.checkout or not done:
        play.unpaid.append(given)
    return done


def _ask(play: Play, given: Given) -> bool:
    status, body = play.processes.ask(
        "order", task=given.task, backer=given.backer, nonce=given.nonce, amount=given.amount
    )  # fmt: skip
    if status == 200 and body["checkout"]:
        given.contribution, given.checkout = body["contribution"], body["checkout"]
    return status == 200


def pay(play: Play) -> bool:
    """Somebody pays what was ordered, by one card or another; also after the task was merged."""
    if not play.unpaid:
        return False
    given = play.unpaid.pop(play.rng.randrange(max(0, len(play.unpaid) - 20), len(play.unpaid)))
    if not given.checkout and (not _ask(play, given) or not given.checkout):
        play.unpaid.insert(0, given)
        return False
    card = REFUND_FAILS if play.rng.random() < 0.05 else play.rng.choice(GOOD)
    status, body = play.processes.control("pay", session=given.checkout, card=card)
    if status == 200 and body["outcome"] == "paid":
        play.paid.append(given)
        play.had_money.add(given.number)
    return status == 200


def decline(play: Play) -> bool:
    """A card is declined; the page stays open, or its time ends."""
    open_ = [given for given in play.unpaid if given.checkout]
    if not open_:
        return False
    given = play.rng.choice(open_)
    status, _ = play.processes.control("pay", session=given.checkout, card=play.rng.choice(BAD))
    if play.rng.random() < 0.3:
        play.unpaid.remove(given)
        status, _ = play.processes.control("expire", session=given.checkout)
    return status == 200


def withdraw(play: Play) -> bool:
    """A backer takes their money back."""
    if not play.paid:
        return False
    given = play.rng.choice(play.paid[-100:])
    if given.number in play.merged:
        given = play.paid[-1]
    status, _ = play.processes.ask("withdraw", contribution=given.contribution, backer=given.backer)
    return status == 200


def merge(play: Play) -> bool:
    """The pull request of a task with money or a promise is linked, shown and merged."""
    ready = sorted(({given.number for given in play.paid} | {one.number for one in play.promised}) - play.merged)
    return bool(ready) and merge_one(play, play.rng.choice(ready[:20]))


def merge_one(play: Play, number: int) -> bool:
    """This one."""
    builder = play.proposed.setdefault(number, play.rng.randrange(len(BUILDERS)))
    status, _ = play.processes.ask("propose", number=number, builder=builder)
    if status == 200:
        status, _ = play.processes.ask("merge", number=number, builder=builder)
    if status in (200, 409):
        play.merged.add(number)
    return status == 200


def refund_fails(play: Play) -> bool:
    """A bank sends a refund back."""
    refunds = [each for each in play.processes.documents("stripe.refund") if each["status"] == "succeeded"]
    if not refunds:
        return False
    status, _ = play.processes.control("fail_refund", refund=play.rng.choice(refunds[-20:])["id"])
    return status == 200


def reverse_transfer(play: Play) -> bool:
    """The operator takes a transfer back, or a part of it, in Stripe's own dashboard."""
    sent = [each for each in play.processes.documents("stripe.transfer") if not each["amount_reversed"]]
    if not sent:
        return False
    one = play.rng.choice(sent[-20:])
    amount = one["amount"] if play.rng.random() < 0.5 else max(1, one["amount"] // 3)
    return play.processes.as_operator(f"/v1/transfers/{one['id']}/reversals", amount=amount) == 200


def connect(play: Play) -> bool:
    """A builder opens a payout account and fills in its form."""
    builder = len(play.accounts) if len(play.accounts) < len(BUILDERS) else play.rng.randrange(len(BUILDERS))
    status, body = play.processes.ask("connect", builder=builder)
    if status != 200:
        return False
    if body["account"] not in play.accounts:
        play.accounts.append(body["account"])
    status, _ = play.processes.control("complete_onboarding", account=body["account"], ending="finished")
    return status == 200


def restrict(play: Play) -> bool:
    """The processor takes a payee's account away, or gives it back."""
    if not play.accounts:
        return False
    account = play.rng.choice(play.accounts)
    back = account in play.restricted
    ending = "finished" if back else "not_payable"
    status, _ = play.processes.control("complete_onboarding", account=account, ending=ending)
    (play.restricted.discard if back else play.restricted.add)(account)
    return status == 200


def resend(play: Play) -> bool:
    """An old event is told again."""
    told = play.processes.documents("stripe.event")
    status, _ = play.processes.control("resend", event=play.rng.choice(told[-200:])["id"])
    return status == 200


def pass_time(play: Play) -> bool:
    """A day or two go by."""
    return play.processes.days(play.rng.randint(1, 2))


def kill(play: Play) -> bool:
    """`kill -9` of the application, whatever it is doing."""
    play.processes.kill()
    return True


#: Step → how often it is drawn.
STEPS: dict[Callable[[Play], bool], int] = {
    open_task: 200, order: 170, pay: 270, decline: 40, withdraw: 60, merge: 140, refund_fails: 8, reverse_transfer: 8,
    connect: 8, restrict: 4, resend: 20, pass_time: 3, kill: 9, dispute: 30, answer_dispute: 18, decide_dispute: 28,
    warn: 12, keep_warned: 8, promise: 40, withdraw_promise: 10, confirm_charge: 18, move_money: 16, renew: 16,
    months_pass: 1, stop: 10, lift_stop: 10,
}  # fmt: skip


def name_of(step: Callable[[Any], bool]) -> str:
    return step.__name__.replace("_", " ")
