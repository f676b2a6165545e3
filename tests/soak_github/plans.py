"""Directed histories: steps that are drawn for certain, and the weather of the second play."""

from __future__ import annotations

from dataclasses import dataclass

#: What becomes of a delivery; the first three reach us in their round, whatever else.
FATES = (("at once", 30), ("late", 25), ("error of ours", 15), ("lost", 18), ("later rounds", 12))
#: What may happen to a call of the API, in a thousand.
RATES = (("502", 12), ("answer lost", 12), ("no answer", 8), ("rate limit", 8), ("502 afterwards", 6))


@dataclass(frozen=True)
class Weather:
    """How often what goes wrong: what becomes of deliveries, what of calls, what is told again or overtaken."""

    fates: tuple[tuple[str, int], ...] = FATES
    rates: tuple[tuple[str, int], ...] = RATES
    twice: float = 0.2
    replayed: float = 0.1
    between: float = 0.06
    #: Whether rounds end with reconciliation: where everything is told, nothing needs it.
    reconciled: bool = True
    #: Whether the weather is bad already for what follows from steps on the site; without pauses, which take time.
    early: bool = False


CALM: tuple[tuple[str, int], ...] = ()
USUAL = Weather()
#: Nothing is told: reconciliation alone finds what happened.
SILENCE = Weather(fates=(("lost", 1),), rates=CALM, twice=0, replayed=0, between=0)
#: Everything is told at least twice.
ECHO = Weather(fates=(("at once", 2), ("late", 1)), twice=0.9, replayed=0.9)
#: Calls fail and answers are lost.
STORM = Weather(
    fates=(("at once", 2), ("late", 1)), between=0,
    rates=(("502", 80), ("answer lost", 150), ("no answer", 60), ("502 afterwards", 80)), early=True,
)  # fmt: skip
#: What is read changes while it is read.
HASTE = Weather(fates=(("at once", 3), ("late", 1)), rates=CALM, between=0.6, reconciled=False)


@dataclass(frozen=True)
class Plan:
    """Kinds of steps by name, for each round; without rounds the history is drawn like any other."""

    name: str
    rounds: tuple[tuple[str, ...], ...] = ()
    weather: Weather = USUAL


ANYTHING = Plan("anything")
_OPEN = ("open pull request",) * 5
_ISSUES = ("edit issue", "label issue", "close issue")
_TALK = ("ask the bot", "landed", "claim")
_MERGE = ("merge",) * 3
UNHEARD = Plan("unheard", (_OPEN, (*_OPEN, "close pull request", "change what it closes", "push to it")), SILENCE)
UNHEARD_ISSUES = Plan("unheard issues", (_ISSUES * 2, _ISSUES), SILENCE)
UNHEARD_PLACES = Plan("unheard places", (("suspend", "suspend"), ("suspend", "uninstall")), SILENCE)
TALKED = Plan("talked", (_OPEN, ("confirm", *_TALK), _TALK), ECHO)
BAD_ANSWERS = Plan("bad answers", (_OPEN, ("push to it", "ask the bot", "landed", "claim") * 2, _OPEN), STORM)
OVERTAKEN = Plan("overtaken", (_OPEN, ("push to it", "change a title", "draft or ready", "edit issue") * 3) * 2, HASTE)
BAD_ISSUES = Plan("bad issues", (("edit issue", "label issue", "close issue") * 3,) * 2, STORM)
MERGED = Plan("merged", (_OPEN, ("merge ones own", "merge ones own"), ("change permission", *_OPEN), _MERGE), ECHO)
RENAMED = Plan("renamed", (_OPEN, ("rename person", "rename person"), _MERGE, _OPEN))
MOVED = Plan("moved", (_OPEN, ("transfer repository",), _OPEN, ("transfer repository",), _MERGE))
REOPENED = Plan("reopened", (("close issue",) * 3, ("reopen issue",) * 3, ("close issue",) * 3, ("reopen issue",) * 3))
REVERTED = Plan("reverted", (_OPEN, _MERGE, ("push a revert",) * 2, _OPEN, _MERGE, ("push a revert",)), SILENCE)
REVERTED_STORM = Plan("reverted in a storm", REVERTED.rounds, STORM)
RIVALS = Plan("rivals", (_OPEN * 2, _MERGE))
PUSHED = Plan("pushed", (_OPEN, ("push to it",) * 4))
EDITED = Plan("edited", (_OPEN, _TALK, ("edit a comment",) * 4, ("edit a comment",) * 3), ECHO)
MERGED_CLOSED = Plan("merged and closed", (_OPEN, _MERGE), SILENCE)
