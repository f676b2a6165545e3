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
