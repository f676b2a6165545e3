"""What cardholders' banks say against payments, and what the operator answers. Part of STEPS."""

from __future__ import annotations

from tests.soak_stripe.play import Play
from tests.soak_stripe.processes import Body

DECIDED = ("won", "lost", "warning_closed")
INQUIRIES = ("warning_needs_response", "warning_under_review")


def dispute(play: Play) -> bool:
    """A bank takes back, or asks about, (a part of) any payment: held, released, moved or returned meanwhile."""
    charge = _charge(play)
    if charge is None:
        return False
    more: Body = {}
    if play.rng.random() < 0.3:
        more["amount"] = max(1, charge["amount"] // play.rng.randint(2, 5))
    if play.rng.random() < 0.3:
        more["inquiry"] = True
    status, _ = play.processes.control("dispute", charge=charge["id"], **more)
    return status == 200


def warn(play: Play) -> bool:
    """A bank suspects that a card was stolen."""
    charge = _charge(play)
    return charge is not None and play.processes.control("fraud_warning", charge=charge["id"])[0] == 200


def _charge(play: Play) -> Body | None:
    """One that is booked, and of which nothing is undecided."""
    open_ = {each["charge"] for each in undecided(play)}
    booked = [each for each in play.processes.documents("stripe.charge") if each["balance_transaction"]]
    booked = [each for each in booked if each["paid"] and each["id"] not in open_]
    return play.rng.choice(booked[-60:]) if booked else None


def undecided(play: Play) -> list[Body]:
    """Disputes and inquiries that aren't over."""
    return [each for each in play.processes.documents("stripe.dispute") if each["status"] not in DECIDED]


def answer_dispute(play: Play) -> bool:
    """The operator submits the evidence, by the click of their page; now and then by two."""
    waiting = [each for each in undecided(play) if not each["evidence_details"]["submission_count"]]
    if not waiting:
        return False
    id = play.rng.choice(waiting)["id"]
    status, _ = play.processes.ask("answer_dispute", dispute=id)
    if play.rng.random() < 0.2:
        play.processes.ask("answer_dispute", dispute=id)
    return status == 200


def decide_dispute(play: Play) -> bool:
    """A bank decides; an inquiry ends or becomes a charge-back, now and then after it had been let be."""
    let_be = [each for each in play.processes.documents("stripe.dispute") if each["status"] == "warning_closed"]
    if let_be and play.rng.random() < 0.15:
        return play.processes.control("escalate_dispute", dispute=play.rng.choice(let_be)["id"])[0] == 200
    found = undecided(play)
    return bool(found) and decide(play, play.rng.choice(found))


def decide(play: Play, one: Body) -> bool:
    """This one. The merchant gives in as well, by Stripe's own dashboard."""
    ways = ["win_dispute", "lose_dispute"]
    if one["status"] in INQUIRIES:
        ways.append("escalate_dispute")
    if play.rng.random() < 0.15:
        return play.processes.as_operator(f"/v1/disputes/{one['id']}/close") == 200
    return play.processes.control(play.rng.choice(ways), dispute=one["id"])[0] == 200


def keep_warned(play: Play) -> bool:
    """The operator trusts a payment that a bank warned of; the others go back after a day."""
    warnings = play.processes.documents("stripe.early_fraud_warning")
    if not warnings:
        return False
    status, _ = play.processes.ask("keep_warned", warning=play.rng.choice(warnings[-2:])["id"])
    return status == 200
