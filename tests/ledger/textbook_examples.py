"""Which tests the textbook plays, and what it says of them. The figures come from the books, not from here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from tests.ledger import test_disputes as disputes
from tests.ledger import test_examples as examples
from tests.ledger import test_kept_examples as kept


@dataclass(frozen=True)
class Play:
    """One course of an example: a test that books on the configured database."""

    run: Callable[[], None]
    title: str = ""


@dataclass(frozen=True)
class Example:
    """A letter, its courses, and whether they begin with the entries of example A (not printed again)."""

    letter: str
    title: str
    words: str
    plays: Sequence[Play]
    after_a: bool = False


HEAD = """# How money is booked, by example

The worked examples of [the ledger](../ledger.md), A to K. Each is a test (`tests/ledger/test_examples.py`,
`test_disputes.py`, `test_kept_examples.py`) that asserts the figures; the tables were read from the books which that
test left, and `make test` fails when they differ. `make docs-ledger` writes these pages anew.

Sums are in euros. The fee is 5 % + 0.25, there is no tax (but in K) and no float: own funds begin at 0. `c1`, `c2`, …
are contributions, `s1`, … payees' shares, `r…` refunds, `t…` transfers, `d1` a charge-back, `p1` a payment. In each
entry debits and credits are equal, and so they are in the balances at its end.

Own funds = clearing + Σ min(dispute_funds, frozen) + bank/unclaimed − everything owed."""

#: File, its title, and the letters in it.
PAGES = (
    ("paid-in", "Money comes in", "AFGH"),
    ("released", "Money is released", "BJ"),
    ("returned", "Money goes back", "EIK"),
    ("charged-back", "Money is charged back", "CD"),
)

EXAMPLES = (
    Example(
        "A",
        "Three contributions are paid",
        "50.00, 25.00 and 10.01 with their fees. What the processor charges (1.00, 0.62, 0.40) is the operator's cost "
        "at once,\nthe fee not yet their income: own funds fall below zero, which is what the float is for.",
        [Play(examples.test_a_three_contributions_are_captured)],
    ),
    Example(
        "B",
        "A release to three with a tenth held back, which is then used",
        "After example A, 50 : 30 : 20. The fee is earned on what became payable; a bug shows up in the warranty, and\n"
        "the held-back tenth goes back to the backers with the rest of each fee. In the end nothing is owed.",
        [Play(examples.test_b_a_release_to_three_with_a_tenth_held_back_then_used)],
        after_a=True,
    ),
    Example(
        "C",
        "A charge-back before the release",
        "After example A, the first backer's bank takes 52.75 and charges 15.00. All of it is still here and is "
        "frozen:\nown funds fall by the 15.00, on the day of the withdrawal and not again, won or lost.",
        [
            Play(partial(disputes.test_c_a_dispute_before_the_release, won=True), "Won"),
            Play(partial(disputes.test_c_a_dispute_before_the_release, won=False), "Lost"),
        ],
        after_a=True,
    ),
    Example(
        "D",
        "A charge-back after a payout",
        "What was transferred stays with its payee. What is still here is frozen, the rest is the operator's loss.",
        [
            Play(
                disputes.test_d1_a_dispute_when_all_is_released_and_most_is_transferred,
                "D1: all 50.00 released, 30.00 of it transferred",
            ),
            Play(
                disputes.test_d2_a_dispute_when_a_part_is_released_and_transferred,
                "D2: 30.00 released and transferred, 20.00 in escrow",
            ),
        ],
    ),
    Example(
        "E",
        "A part goes back",
        "10.00 of 25.00 with 0.60 of the fee; the 15.00 that are left earn the other 0.90 later. A refund that fails "
        "stays\nowed to its backer and never goes back to the task.",
        [
            Play(examples.test_e_a_part_goes_back_and_the_rest_earns_its_part_of_the_fee, "It arrives"),
            Play(
                examples.test_e_a_refund_that_fails_before_its_debit_stays_owed_to_the_backer,
                "It fails before it left the balance",
            ),
            Play(
                examples.test_e_a_refund_that_fails_after_its_debit_stays_owed_to_the_backer,
                "It fails after it left the balance",
            ),
        ],
    ),
    Example(
        "F",
        "A wrong amount",
        "40.00 arrive where 52.75 were agreed: held apart, and sent back whole. Or somebody finds out what it was for.",
        [
            Play(examples.test_f_a_wrong_amount_waits_in_suspense_and_goes_back_whole, "Returned"),
            Play(examples.test_f_a_wrong_amount_may_turn_out_to_be_a_contribution, "Matched (52.75 arrived)"),
        ],
    ),
    Example(
        "G",
        "The same events five times, out of order",
        "Webhook, browser return and sweeper tell of a payment and of its cost again and again, by two processes at "
        "once:\none entry each.",
        [Play(examples.test_g_the_same_events_five_times_and_out_of_order_are_one_entry_each)],
    ),
    Example(
        "H",
        "A foreign card",
        "5.00 + 0.50 that cost 0.54: own funds end 0.04 below where they began. Nothing owed changes.",
        [Play(examples.test_h_a_foreign_card_that_costs_more_than_its_fee_can_earn)],
    ),
    Example(
        "I",
        "Surplus, a move, and the end of life",
        "Of 50.00 + 2.75, a surplus of 20.00 goes back with 1.10. The other 30.00 move to another task with their 1.65 "
        "and\nbecome contribution `c9`. 10.00 of them are released and earn 0.55; the last 20.00 go back when their "
        "life ends.",
        [Play(examples.test_i_a_surplus_goes_back_then_the_rest_moves_and_its_life_ends_there)],
    ),
    Example(
        "J",
        "Two of three payees never come",
        "After example A, 50 : 30 : 20, but only the third can be paid. What was kept for the other two goes back "
        "when\nits life ends, with 2.33 + 0.42 + 1.09 of the fees; 0.41 + 0.75 are earned on what the third got.",
        [Play(examples.test_j_two_of_three_payees_never_come)],
        after_a=True,
    ),
    Example(
        "K",
        "A late withdrawal keeps the processing cost",
        "1.97 were named before paying as kept if the backer takes 50.00 back after the 14 days. What is\nkept "
        "is income, never more than the fee that comes back with it. With 20 % of tax 1.99 are kept with "
        "0.40, which is due.",
        [
            Play(kept.test_k_a_late_withdrawal_keeps_what_was_named_before_paying, "Without tax"),
            Play(kept.test_k_where_there_is_tax_it_is_due_on_what_is_kept, "With tax"),
        ],
    ),
)
