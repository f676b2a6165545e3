"""Refusals of the payouts feature."""

from __future__ import annotations

from bountyhub.kit.errors import Conflict
from bountyhub.payouts.rules import NoRedirect


class NeedsForgeAccount(Conflict):
    """Money is earned by merged pull requests: without a forge account there is nobody to pay."""

    code = "needs_forge_account"

    def __init__(self) -> None:
        super().__init__(
            "Sign in with GitHub first.", advice="Shares are owed to the GitHub account that opened the pull request."
        )


class SecondOperatorNeeded(Conflict):
    """Whoever made a stop last as long as it does can't make it last longer."""

    code = "second_operator_needed"

    def __init__(self) -> None:
        super().__init__(
            "Another operator has to do this: it takes two of you.", advice="Ask one of the other operators."
        )


class StopIsOver(Conflict):
    """A stop that ended."""

    code = "stop_is_over"

    def __init__(self) -> None:
        super().__init__("This stop is over.", advice="Make a new one.")


class PayeeNotReady(Conflict):
    """An account that can't receive money now."""

    code = "payee_not_ready"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} can’t receive money now.", advice="Choose another, or try again later.")


class CantRedirect(Conflict):
    """A share that can't be sent on (any more)."""

    code = "cant_redirect"

    def __init__(self, why: NoRedirect) -> None:
        message, advice = _WHY_NOT[why]
        super().__init__(message, advice=advice)


_WHY_NOT = {
    NoRedirect.NOTHING: ("There is nothing here to send on.", "It was paid, or it went back to its backers."),
    NoRedirect.SENT_ON: ("You have sent this on already.", "That can be done once."),
    NoRedirect.PAYABLE: ("You can be paid: this money is on its way to you.", "There is nothing to do."),
    NoRedirect.FROZEN: ("A bank disputes a part of this money.", "It can be sent on once that is decided."),
    NoRedirect.STOPPED: ("This money is stopped while something is looked into.", "Try again when the stop is over."),
    NoRedirect.CAME_BACK: ("A part of this came back from the payment provider.", "The operator looks into it."),
    NoRedirect.OVER: ("The time for which this money may be held is over.", "It goes back to its backers."),
}


class TransferUnderWay(Conflict):
    """What was asked for with the old account may have been done: first its answer, then another account."""

    code = "transfer_under_way"

    def __init__(self) -> None:
        super().__init__(
            "A transfer to your old account is still being looked into.", advice="Try again in a few minutes."
        )
