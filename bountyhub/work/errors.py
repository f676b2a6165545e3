"""Refusals of the work feature: claims, objections, cancelling, withdrawing."""

from __future__ import annotations

from collections.abc import Sequence

from bountyhub.kit.errors import Conflict, DomainError, Forbidden


class ClaimRefuses(Conflict):
    """An event that doesn't happen in the claim's state."""

    code = "claim_refuses"


class NotADecider(Forbidden):
    """Only deciders of the project may do this."""

    code = "not_a_decider"

    def __init__(self) -> None:
        super().__init__(
            "Only people with maintain or admin rights in the repository may do that.",
            advice="Ask a maintainer of the project.",
        )


class OnAuthorSide(Forbidden):
    """The author of a pull request doesn't decide about it."""

    code = "on_author_side"

    def __init__(self) -> None:
        super().__init__(
            "You are on the author side of this pull request, so somebody else has to decide.",
            advice="Ask another maintainer.",
        )


class NotAMaintainer(Forbidden):
    """Only people who may merge in the repository may do this."""

    code = "not_a_maintainer"

    def __init__(self) -> None:
        super().__init__(
            "Only people who may merge in the repository may do that.", advice="Ask a maintainer of the project."
        )


class MayNotObject(Forbidden):
    """Only backers with money held at the merge and deciders may object."""

    code = "may_not_object"

    def __init__(self) -> None:
        super().__init__(
            "Only deciders and people whose money was held at the merge may object.",
            advice="If you funded this task by e-mail, sign in with that address first.",
        )


class ReasonMissing(DomainError):
    """A public decision needs its reason."""

    status = 422
    code = "reason_missing"

    def __init__(self) -> None:
        super().__init__("Write a reason: it is shown to everyone.", advice="One sentence is enough.")


class CommandRefused(DomainError):
    """A command in a comment that can't be carried out as written."""

    status = 422
    code = "command_refused"


class AttemptRefused(Conflict):
    """Nobody more can be on a task, or this person on no more tasks."""

    code = "attempt_refused"


class ForgettingNeedsReason(DomainError):
    """Somebody is to be forgotten and nobody says why."""

    status = 422
    code = "reason_missing"

    def __init__(self) -> None:
        super().__init__("Say why, without a name: the reason stays.", advice="For example: asked for by letter.")


class StillNeeded(Conflict):
    """Somebody can't be forgotten while money of theirs is here or their work goes on."""

    code = "still_needed"

    def __init__(self, waits: Sequence[str]) -> None:
        advice = "Nothing was forgotten. Ask again when this is over, or end it first."
        super().__init__(" ".join(["They can't be forgotten yet.", *waits]), advice=advice, waits=list(waits))


class HasAStake(Forbidden):
    """Who gave or gets money of a release, or wrote its work, doesn't decide about undoing it."""

    code = "has_a_stake"

    def __init__(self) -> None:
        super().__init__(
            "You have a part in this release, so two other operators have to decide.",
            advice="Nobody who paid for it, is paid by it or wrote its pull request can undo it.",
        )


class ReleaseStands(Conflict):
    """A release that can't be undone, or a proposal that is over."""

    code = "release_stands"
