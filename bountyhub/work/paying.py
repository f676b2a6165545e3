"""Sentences of tasks that are decided: the money is on its way, or back. Pure; `next_step` calls them."""

from __future__ import annotations

from collections.abc import Sequence

from bountyhub.kit.money import Money, short
from bountyhub.work.step_facts import NextStep, ShareFacts, TaskFacts, day, why_it_ends


def paying(task: TaskFacts) -> NextStep:
    """Where the money of a merged task is on its way to the developer."""
    coming = taken_back(task)
    if coming is not None:
        return coming
    kept = [share for share in task.shares if share.state == "kept"]
    if kept:
        return _kept(kept[0])
    waiting = [share for share in task.shares if share.state in ("payable", "transferring")]
    if waiting:
        return _on_its_way(waiting[0])
    paid = [share for share in task.shares if share.state == "paid"]
    lapsed = [share for share in task.shares if share.state == "returned"]
    if paid:
        return _paid(paid, lapsed)
    if lapsed:
        return NextStep(_lapsed(lapsed), "Nobody could be paid in the time it may be held here.", who="nobody")
    if any(claim.state == "undone" for claim in task.claims):
        return NextStep("The release was undone: the money went back to its backers.", who="nobody")
    if task.refunds:
        return NextStep("The work was merged after the money had gone back to its backers.", who="nobody")
    return NextStep("Merged and completed without money.", who="nobody")


def taken_back(task: TaskFacts) -> NextStep | None:
    """What is still being taken back of an undone release; None where nothing is."""
    coming = [(share.author, share.coming_back) for share in task.shares if share.coming_back is not None]
    if not coming:
        return None
    named = " and ".join(f"{short(amount)} from @{author}" for author, amount in coming)
    open_again = task.state in ("open", "reserved")
    detail = "What comes back is held for this task again." if open_again else "What comes back goes to the backers."
    return NextStep(f"The release was undone: {named} are being taken back.", detail, who="clock")


def _kept(share: ShareFacts) -> NextStep:
    until = f" until {day(share.keep_until)}" if share.keep_until else ""
    if share.redirected_to:
        text = f"{short(share.amount)} are kept for {share.to}{until}: their account can’t receive money now."
        return NextStep(text, "If that stays so, it goes back to the backers by itself.", share.keep_until, "clock")
    if share.unpaid is not None and share.unpaid.for_good:
        text = f"{short(share.amount)} are kept{until}: @{share.author} {share.unpaid.why.partition(':')[0]}."
        why = "They choose where it goes, to the project or to a charity; else it goes back to the backers by itself."
        return NextStep(text, why, share.keep_until, "developer")
    return NextStep(
        f"{short(share.amount)} are kept for @{share.author}{until}: they sign in and connect a payout account.",
        "If they don’t, it goes back to the backers by itself.",
        share.keep_until,
        "developer",
    )


def _on_its_way(share: ShareFacts) -> NextStep:
    if share.wait == "fresh" and share.leaves_at is not None:
        text = f"{short(share.amount)} leave for {share.to} on {day(share.leaves_at)}."
        return NextStep(text, "Fresh card money waits before it is transferred.", share.leaves_at, "clock")
    if share.wait == "callable" and share.leaves_at is not None:
        text = f"{short(share.amount)} leave for @{share.author} on {day(share.leaves_at)}."
        return NextStep(text, "A backer’s bank can call its payment back until then.", share.leaves_at, "clock")
    if share.wait == "hold" and share.leaves_at is not None:
        text = f"{short(share.amount)} leave for {share.to} on {day(share.leaves_at)}."
        why = "Their payout account is new, or its bank account was changed: money waits a little before it goes there."
        return NextStep(text, why, share.leaves_at, "clock")
    if share.wait == "stopped":
        until = f" until {day(share.stopped_until)} at the latest" if share.stopped_until else ""
        text = f"{short(share.amount)} for {share.to} wait: outgoing money is stopped{until}."
        why = share.stop_reason or "Something is looked into."
        return NextStep(
            text, f"{why} Nothing is lost: it leaves by itself afterwards.", share.stopped_until, "operator"
        )
    if share.wait == "dispute":
        text = f"{short(share.amount)} for {share.to} wait: a backer’s bank disputes a payment, or suspects fraud."
        return NextStep(text, "What it concerns is frozen until that is decided.", who="clock")
    if share.wait == "account":
        text = f"{short(share.amount)} wait for {share.to}’s payout account."
        return NextStep(text, "The payment provider asks for something there.", who="developer")
    if share.wait == "reversed":
        text = f"A transfer to {share.to} came back from the payment provider: the operator looks into it."
        return NextStep(text, "At the end of its life the money goes back to the backers by itself.", who="operator")
    if share.wait == "funds":
        text = f"{short(share.amount)} for {share.to} wait until the card money has arrived."
        return NextStep(text, "It is tried again by itself.", who="clock")
    return NextStep(f"{short(share.amount)} are on their way to {share.to}.", "Released at the merge.", who="clock")


def _lapsed(lapsed: Sequence[ShareFacts]) -> str:
    named = " and ".join(f"{short(amount)} kept for {author}" for author, amount in _by_author(lapsed).items())
    return f"{named} went back to the backers."


def _by_author(shares: Sequence[ShareFacts]) -> dict[str, Money]:
    sums: dict[str, Money] = {}
    for share in shares:
        sums[share.to] = sums[share.to] + share.amount if share.to in sums else share.amount
    return sums


def _paid(paid: Sequence[ShareFacts], lapsed: Sequence[ShareFacts]) -> NextStep:
    named = " and ".join(f"{short(amount)} to {author}" for author, amount in _by_author(paid).items())
    last = max((share.paid_at for share in paid if share.paid_at), default=None)
    when = f" on {day(last)}" if last else ""
    return NextStep(f"Paid {named}{when}.", _lapsed(lapsed) if lapsed else "Nothing is left to do.", last, "nobody")


def cancelled(task: TaskFacts) -> NextStep:
    """What became of the money of a cancelled task."""
    coming = taken_back(task)
    if coming is not None:
        return coming
    if "failed" in task.refunds:
        text = "Cancelled; money that a bank refused is kept for its backer."
        return NextStep(text, why_it_ends(task), who="backer")
    if "asked" in task.refunds or "debited" in task.refunds:
        return NextStep("Cancelled; all money is on its way back to its backers.", why_it_ends(task), who="clock")
    text = "Cancelled; all money went back to its backers." if task.refunds else "Cancelled; no money was held."
    return NextStep(text, why_it_ends(task), who="nobody")
