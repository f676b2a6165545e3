"""The statements with which `verify` looks for what may not be: each yields one row per wrong thing.

Plain SQL for both engines, so that a million entries are looked at by the database and only faults travel.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Rows come in portions by a cursor of the server: memory stays the same, whatever is wrong.
STREAM = {"yield_per": 1000}


def exact_sum(column: str) -> str:
    """A column's sum in SQL, in two halves: SQLite's own fails on what a tampered row may hold. 4294967296 is 2^32."""
    return f"(sum({column} / 4294967296) * 4294967296 + sum({column} % 4294967296))"


@dataclass(frozen=True)
class Check:
    """One invariant: rows are (object, what is wrong with it)."""

    name: str
    sql: str


CHECKS = (
    Check(
        "every entry is sealed, balanced and has two lines or more",
        f"""
        SELECT 'entry ' || e.id, 'has ' || coalesce(l.lines, 0) || ' lines that sum to ' || coalesce(l.total, 0)
            || CASE WHEN s.lines IS NULL THEN ', no seal' ELSE ', sealed with ' || s.lines END
        FROM ledger_entry e
        LEFT JOIN ledger_seal s ON s.entry_id = e.id
        LEFT JOIN (
            SELECT entry_id, count(*) AS lines, {exact_sum("amount")} AS total FROM ledger_line GROUP BY entry_id
        ) l ON l.entry_id = e.id
        WHERE s.lines IS NULL OR l.lines IS NULL OR l.lines < 2 OR l.lines <> s.lines OR l.total <> 0
        """,  # noqa: S608  (our own words)
    ),
    Check(
        "no line is zero",
        "SELECT 'line ' || id, 'of entry ' || entry_id || ' moves nothing' FROM ledger_line WHERE amount = 0",
    ),
    Check(
        "no row is an orphan",
        """
        SELECT 'line ' || l.id, 'belongs to no entry' FROM ledger_line l
        LEFT JOIN ledger_entry e ON e.id = l.entry_id WHERE e.id IS NULL
        UNION ALL
        SELECT 'line ' || l.id, 'belongs to no account' FROM ledger_line l
        LEFT JOIN ledger_account a ON a.id = l.account_id WHERE a.id IS NULL
        UNION ALL
        SELECT 'seal ' || s.entry_id, 'seals no entry' FROM ledger_seal s
        LEFT JOIN ledger_entry e ON e.id = s.entry_id WHERE e.id IS NULL
        """,
    ),
    Check(
        "an entry and its accounts are of one currency",
        """
        SELECT 'entry ' || e.id, 'in ' || e.currency || ' has a line on ' || a.path || ' in ' || a.currency
        FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id JOIN ledger_account a ON a.id = l.account_id
        WHERE a.currency <> e.currency
        """,
    ),
    Check(
        "clearing moves only with a balance transaction of the processor",
        """
        SELECT 'entry ' || e.id, 'touches clearing without an outside id'
        FROM ledger_account a JOIN ledger_line l ON l.account_id = a.id JOIN ledger_entry e ON e.id = l.entry_id
        WHERE a.kind = 'clearing' AND e.outside_id IS NULL
        """,
    ),
    Check(
        "each line follows the account's last one",
        """
        SELECT 'account ' || path, 'line ' || id || ' (entry ' || entry_id || ') is no. ' || version || ' after no. '
            || last_version || ' and stands at ' || balance_after || ' after ' || last_balance || ' and ' || amount
        FROM (
            SELECT a.path, l.id, l.entry_id, l.amount, l.version, l.balance_after,
                lag(l.version, 1, 0) OVER w AS last_version, lag(l.balance_after, 1, 0) OVER w AS last_balance
            FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
            WINDOW w AS (PARTITION BY l.account_id ORDER BY l.version)
        ) lines
        WHERE version <> CAST(last_version AS numeric) + 1
            OR balance_after <> CAST(last_balance AS numeric) + amount
        """,
    ),
    Check(
        "each balance is the sum of its lines",
        f"""
        SELECT 'account ' || a.path, 'stands at ' || a.balance || ' after ' || a.version || ' lines, but has '
            || coalesce(l.lines, 0) || ' that sum to ' || coalesce(l.total, 0)
        FROM ledger_account a LEFT JOIN (
            SELECT account_id, count(*) AS lines, {exact_sum("amount")} AS total FROM ledger_line GROUP BY account_id
        ) l ON l.account_id = a.id
        WHERE a.balance <> coalesce(l.total, 0) OR a.version <> coalesce(l.lines, 0)
        """,  # noqa: S608  (our own words)
    ),
    Check(
        "what we owe was never negative",
        """
        SELECT 'account ' || a.path, 'stood at ' || l.balance_after || ' after entry ' || l.entry_id
        FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
        WHERE a.never_negative
            AND ((a.side = 'credit' AND l.balance_after > 0) OR (a.side = 'debit' AND l.balance_after < 0))
        """,
    ),
    Check(
        "no key and no outside id is used twice",
        """
        SELECT 'key ' || key, 'is used by ' || count(*) || ' entries'
        FROM ledger_entry GROUP BY key HAVING count(*) > 1
        UNION ALL
        SELECT 'outside id ' || outside_id, 'is booked ' || count(*) || ' times as ' || kind
        FROM ledger_entry WHERE outside_id IS NOT NULL GROUP BY kind, outside_id HAVING count(*) > 1
        """,
    ),
    Check(
        "an entry is reversed at most once, a reversal never",
        """
        SELECT 'entry ' || first.id, 'is a reversal and reversed by entry ' || later.id
        FROM ledger_entry later JOIN ledger_entry first ON first.id = later.reverses
        WHERE first.reverses IS NOT NULL
        UNION ALL
        SELECT 'entry ' || reverses, 'is reversed ' || count(*) || ' times'
        FROM ledger_entry WHERE reverses IS NOT NULL GROUP BY reverses HAVING count(*) > 1
        """,
    ),
    Check(
        "a reversal is the exact opposite",
        f"""
        SELECT 'entry ' || e.id, 'does not take back entry ' || e.reverses || ' on account ' || a.path
        FROM ledger_entry e
        JOIN ledger_line l ON l.entry_id IN (e.id, e.reverses)
        JOIN ledger_account a ON a.id = l.account_id
        WHERE e.reverses IS NOT NULL
        GROUP BY e.id, e.reverses, a.path HAVING {exact_sum("l.amount")} <> 0
        """,  # noqa: S608  (our own words)
    ),
    Check(
        "an account belongs to whom its path names",
        """
        SELECT 'account ' || path, 'belongs to ' || coalesce(owner, 'nobody') || ', contribution '
            || coalesce(contribution, 'none')
        FROM ledger_account
        WHERE path <> CASE
                WHEN kind IN ('escrow', 'fee_held', 'vat_held', 'unclaimed_refund')
                    THEN kind || '/' || coalesce(contribution, '')
                WHEN kind IN ('holdback', 'kept_for', 'payable')
                    THEN kind || '/' || coalesce(owner, '') || '/' || coalesce(contribution, '')
                WHEN kind IN (
                    'vat_due', 'transfer_pending', 'refund_pending', 'dispute_funds', 'frozen', 'suspense'
                ) THEN kind || '/' || coalesce(owner, '')
                ELSE kind END
            OR (owner IS NOT NULL AND kind IN ('escrow', 'fee_held', 'vat_held', 'unclaimed_refund'))
            OR (contribution IS NOT NULL AND kind IN ('vat_due', 'transfer_pending'))
            OR (path = kind AND (owner IS NOT NULL OR contribution IS NOT NULL))
        """,
    ),
    Check(
        "the sums carried forward are those of their lines",
        f"""
        WITH l AS (
            SELECT a.currency, a.kind, e.kind AS entry_kind, {exact_sum("l.amount")} AS total
            FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id JOIN ledger_entry e ON e.id = l.entry_id
            WHERE e.id <= (SELECT max(upto) FROM ledger_sum)
            GROUP BY a.currency, a.kind, e.kind
        )
        SELECT 'sum of ' || c.entry_kind, 'on ' || c.account_kind || ' in ' || c.currency || ' is carried as '
            || c.amount || ', its lines up to entry ' || c.upto || ' sum to ' || coalesce(l.total, 0)
        FROM ledger_sum c LEFT JOIN l
            ON l.currency = c.currency AND l.kind = c.account_kind AND l.entry_kind = c.entry_kind
        WHERE c.amount <> coalesce(l.total, 0)
        UNION ALL
        SELECT 'sum of ' || l.entry_kind, 'on ' || l.kind || ' in ' || l.currency || ' is not carried at all, its '
            || 'lines sum to ' || l.total
        FROM l LEFT JOIN ledger_sum c
            ON l.currency = c.currency AND l.kind = c.account_kind AND l.entry_kind = c.entry_kind
        WHERE c.id IS NULL AND l.total <> 0
        """,  # noqa: S608  (our own words)
    ),
)
