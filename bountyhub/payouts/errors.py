"""Refusals of the payouts feature."""

from __future__ import annotations

from bountyhub.kit.errors import Conflict


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


class TransferUnderWay(Conflict):
    """What was asked for with the old account may have been done: first its answer, then another account."""

    code = "transfer_under_way"

    def __init__(self) -> None:
        super().__init__(
            "A transfer to your old account is still being looked into.", advice="Try again in a few minutes."
        )
