"""The one sentence: every state of task, claim and share has one, with its day and who must act."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from bountyhub.kit.money import Money
from bountyhub.payouts.models import ShareState, WaitReason
from bountyhub.tasks.models import EndsReason, TaskState
from bountyhub.work.models import ClaimState
from bountyhub.work.next_step import ClaimFacts, ShareFacts, TaskFacts, next_step

DAY = datetime(2026, 12, 3, 12, tzinfo=UTC)


def claim(state: str = "linked", **changes: Any) -> ClaimFacts:
    values: dict[str, Any] = {
        "number": 40, "author": "bo", "state": state, "draft": False, "base": "main", "base_counts": True,
        "bot": False, "payable": True, "co_authors": 0, "until": DAY, "objections": 0,
    }  # fmt: skip
    return ClaimFacts(**(values | changes))


def share(state: str = "payable", **changes: Any) -> ShareFacts:
    values: dict[str, Any] = {
        "author": "bo", "amount": Money(5000, "EUR"), "state": state, "leaves_at": DAY, "paid_at": DAY, "wait": "",
        "keep_until": DAY,
    }  # fmt: skip
    return ShareFacts(**(values | changes))


def task(state: str = "open", **changes: Any) -> TaskFacts:
    values: dict[str, Any] = {
        "id": 1, "project": "ana/inkwell", "issue": 12, "state": state, "installed": True,
        "held": Money(5000, "EUR"), "aside": Money(0, "EUR"), "life": None, "ends_at": None, "ends_reason": "",
        "ends_note": "", "claims": (), "shares": (), "refunds": (), "promised": Money(0, "EUR"),
    }  # fmt: skip
    return TaskFacts(**(values | changes))


NOTHING = Money(0, "EUR")
SENTENCES = [
    (task("wanted"), "A maintainer of ana/inkwell has to open this task to funding.", "maintainer"),
    (task("wanted", installed=False), "A maintainer of ana/inkwell has not opened this to funding yet.", "maintainer"),
    (task(held=NOTHING), "Nobody has funded this yet: the first contribution starts it.", "backer"),
    (task(), "The first merged pull request that closes #12 is paid 50 €.", "developer"),
    (
        task(held=NOTHING, promised=Money(2000, "EUR")),
        "Nothing is held for this yet, and 20 € are promised.",
        "developer",
    ),
    (
        task(held=NOTHING, promised=Money(2000, "EUR"), claims=[claim()]),
        "When a maintainer merges #40, the 20 € that are promised are charged for @bo.",
        "maintainer",
    ),
    (
        task("merged", held=NOTHING, promised=Money(2000, "EUR"), claims=[claim("released")]),
        "20 € that were promised are being charged.",
        "clock",
    ),
    (task(claims=[claim()]), "When a maintainer merges #40, 50 € go to @bo.", "maintainer"),
    (task(claims=[claim(draft=True)]), "@bo is working on pull request #40, still a draft.", "developer"),
    (task(claims=[claim(bot=True)]), "Pull request #40 was opened by a bot: merging it pays nobody.", "developer"),
    (
        task(claims=[claim(base="next", base_counts=False)]),
        "Pull request #40 goes into “next”, and merges there are not paid.",
        "developer",
    ),
    (
        task(claims=[claim("late")]),
        "A maintainer of ana/inkwell has to confirm by 3 December 2026 that #40 by @bo delivers this.",
        "maintainer",
    ),
    (
        task(claims=[claim("late", bot=True)]),
        "Pull request #40 was merged, but a bot opened it: nobody is paid for it.",
        "clock",
    ),
    (
        task(ends_at=DAY, ends_reason="issue_closed"),
        "If no pull request is merged by 3 December 2026, 50 € go back to the backers.",
        "maintainer",
    ),
    (task(held=NOTHING, ends_at=DAY), "This task ends on 3 December 2026.", "clock"),
    (
        task("merged", claims=[claim("window")]),
        "50 € go to @bo on 3 December 2026 unless somebody entitled objects.",
        "backer",
    ),
    (
        task("merged", held=NOTHING, claims=[claim("window")]),
        "Pull request #40 was merged, and nothing is held for it: this is completed on 3 December 2026.",
        "clock",
    ),
    (
        task("merged", claims=[claim("blocked")]),
        "An objection blocks 50 €: a maintainer of ana/inkwell settles it by 3 December 2026.",
        "maintainer",
    ),
    (
        task("merged", aside=Money(600, "EUR"), claims=[claim("window", objections=1)]),
        "44 € go to @bo on 3 December 2026 unless somebody entitled objects.",
        "backer",
    ),
    (
        task("merged", claims=[claim("released", objections=2)]),
        "50 € are set aside by objections until they are settled.",
        "maintainer",
    ),
    (
        task("merged", claims=[claim("released", objections=1)]),
        "50 € are set aside by an objection until it is settled.",
        "maintainer",
    ),
    (
        task("merged", held=NOTHING, shares=[share("kept")]),
        "50 € are kept for @bo until 3 December 2026: they sign in and connect a payout account.",
        "developer",
    ),
    (task("completed", held=NOTHING, shares=[share()]), "50 € are on their way to @bo.", "clock"),
    (task("completed", shares=[share(wait="fresh")]), "50 € leave for @bo on 3 December 2026.", "clock"),
    (task("completed", shares=[share(wait="callable")]), "50 € leave for @bo on 3 December 2026.", "clock"),
    (
        task("merged", held=NOTHING, shares=[share(wait="dispute")]),
        "50 € for @bo wait: a backer’s bank disputes a payment, or suspects fraud.",
        "clock",
    ),
    (
        task("completed", shares=[share(wait="stopped", stopped_until=DAY, stop_reason="Looked into.")]),
        "50 € for @bo wait: outgoing money is stopped until 3 December 2026 at the latest.",
        "operator",
    ),
    (task("completed", shares=[share(wait="stopped")]), "50 € for @bo wait: outgoing money is stopped.", "operator"),
    (task("completed", shares=[share(wait="account")]), "50 € wait for @bo’s payout account.", "developer"),
    (
        task("completed", shares=[share(wait="funds")]),
        "50 € for @bo wait until the card money has arrived.",
        "clock",
    ),
    (task("completed", shares=[share("paid")] * 2), "Paid 100 € to @bo on 3 December 2026.", "nobody"),
    (
        task("completed", held=NOTHING, shares=[share("returned")], refunds={"done"}),
        "50 € kept for @bo went back to the backers.",
        "nobody",
    ),
    (
        task("completed", held=NOTHING, refunds={"done"}),
        "The work was merged after the money had gone back to its backers.",
        "nobody",
    ),
    (task("completed", held=NOTHING), "Merged and completed without money.", "nobody"),
    (task("cancelled", held=NOTHING), "Cancelled; no money was held.", "nobody"),
    (task("cancelled", held=NOTHING, refunds={"done"}), "Cancelled; all money went back to its backers.", "nobody"),
    (
        task("cancelled", held=NOTHING, refunds={"done", "debited"}),
        "Cancelled; all money is on its way back to its backers.",
        "clock",
    ),
    (
        task("cancelled", held=NOTHING, refunds={"done", "failed"}),
        "Cancelled; money that a bank refused is kept for its backer.",
        "backer",
    ),
]


@pytest.mark.parametrize(("facts", "text", "who"), SENTENCES, ids=[text[:40] for _, text, _ in SENTENCES])
def test_what_happens_next_in_one_sentence(facts: TaskFacts, text: str, who: str) -> None:
    step = next_step(facts)
    assert (step.text, step.who) == (text, who)


@pytest.mark.parametrize("state", TaskState)
def test_every_combination_of_states_has_a_sentence(state: TaskState) -> None:
    for of_claim, of_share, held in product([None, *ClaimState], [None, *ShareState], [0, 5000]):
        claims = [claim(of_claim)] if of_claim else []
        shares = [share(of_share, wait=wait) for wait in ("", *WaitReason)] if of_share else []
        step = next_step(task(state, held=Money(held, "EUR"), claims=claims, shares=shares))
        assert step.text.endswith(".") and step.who, (of_claim, of_share)
        assert "None" not in step.text + step.detail


@pytest.mark.parametrize("reason", EndsReason)
def test_every_reason_to_end_is_named_before_and_after_the_end(reason: EndsReason) -> None:
    ending = next_step(task(ends_at=DAY, ends_reason=reason, ends_note="Too old."))
    ended = next_step(task("cancelled", ends_reason=reason, ends_note="Too old."))
    assert ending.detail == ended.detail
    assert ending.detail.endswith(". “Too old.”")


def test_a_developer_without_an_account_is_warned_before_the_merge() -> None:
    assert "has not connected a payout account" in next_step(task(claims=[claim(payable=False)])).detail


def test_a_ready_pull_request_is_named_before_a_draft() -> None:
    claims = [claim(draft=True), claim(number=41, author="dara")]
    assert next_step(task(claims=claims)).text == "When a maintainer merges #41, 50 € go to @dara."


@pytest.mark.parametrize(("objections", "says"), [(1, "One objection sets 6 € aside."), (2, "2 objections set 6 €")])
def test_what_objections_set_aside_is_told_apart(objections: int, says: str) -> None:
    step = next_step(task("merged", aside=Money(600, "EUR"), claims=[claim("window", objections=objections)]))
    assert says in step.detail


def test_a_persons_pull_request_is_named_before_a_bots() -> None:
    claims = [claim(bot=True), claim(number=41, author="dara")]
    assert next_step(task(claims=claims)).text == "When a maintainer merges #41, 50 € go to @dara."


def test_the_day_of_the_sentence_is_given_apart_too() -> None:
    assert next_step(task("merged", claims=[claim("window")])).by == DAY
    assert next_step(task()).by is None
