"""The ordinary posting on PostgreSQL: one statement that locks, checks and writes, or else writes nothing.

Called by `posting.book` alone. Fewer exchanges with the server are quicker, and an account that everybody wants is
locked only for this statement and the commit. What is out of the ordinary (a key that comes again, an overdraft, a
reversal made twice) writes no row here: `posting` then looks at it step by step and says what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bountyhub.ledger.accounts import Place

#: Longer ones are rare, and a statement has at most 65,535 values.
_MOST_LINES = 100

# Data-changing parts run as far as others read from them: the entry before its lines, the lines before the seal.
# The accounts are read when their locks are held, so they are the newest; numeric can't overflow.
# Each number of lines has its own text: PostgreSQL then knows how few they are, and plans it once for a connection.
_STATEMENT = """
WITH held AS MATERIALIZED (
    SELECT id, path, side, never_negative, version + 1 AS version, CASE path {amounts} END AS amount,
        balance::numeric + CASE path {amounts} END AS after
    FROM ledger_account WHERE currency = %(currency)s AND path IN ({paths}) ORDER BY id FOR NO KEY UPDATE
), entry AS (
    INSERT INTO ledger_entry (kind, currency, key, digest, effective_at, recorded_at, actor, refs, outside_id, reverses)
    SELECT %(kind)s, %(currency)s, %(key)s, %(digest)s, %(effective_at)s::timestamptz, %(recorded_at)s::timestamptz,
        %(actor)s, %(refs)s::jsonb, %(outside_id)s::text, %(reverses)s::bigint
    FROM held HAVING count(*) = {lines} AND bool_and(abs(after) < 9223372036854775808 AND
        (NOT never_negative OR CASE side WHEN 'credit' THEN after <= 0 ELSE after >= 0 END))
    ON CONFLICT DO NOTHING RETURNING id
), line AS (
    INSERT INTO ledger_line (entry_id, account_id, amount, balance_after, version)
    SELECT entry.id, held.id, amount, after, version FROM entry CROSS JOIN held RETURNING entry_id
), seal AS (
    INSERT INTO ledger_seal (entry_id, lines)
    SELECT min(entry_id), count(*) FROM line HAVING count(*) > 0 RETURNING entry_id
)
SELECT (SELECT entry_id FROM seal), ARRAY(SELECT path FROM held)
"""


def write(session: Session, row: Mapping[str, Any], amounts: Mapping[Place, int]) -> tuple[int | None, list[str]]:
    """The new entry's id, or None if nothing was written; and the paths of the accounts, now locked, that exist."""
    given = {**row, "refs": json.dumps(row["refs"])}
    for number, (place, amount) in enumerate(amounts.items()):
        given[f"path{number}"], given[f"amount{number}"] = place.path, str(amount)  # numbers have types by size
    statement = _statement(len(amounts))
    # Straight to the driver: that takes half the time of the same statement through SQLAlchemy.
    driver: Any = session.connection().connection.driver_connection
    try:
        answer: tuple[int | None, list[str]] = driver.execute(statement, given).fetchone()
    except psycopg.Error as error:
        raise DBAPIError.instance(statement, None, error, psycopg.Error, hide_parameters=True) from error
    return answer


@lru_cache
def _statement(lines: int) -> str:
    paths = [f"%(path{number})s" for number in range(lines)]
    amounts = [f"WHEN %(path{number})s THEN %(amount{number})s::bigint" for number in range(lines)]
    return _STATEMENT.format(paths=", ".join(paths), amounts=" ".join(amounts), lines=lines)


def may_write(session: Session, amounts: Collection[int]) -> bool:
    """Whether this engine knows such statements, and the lines and numbers fit into one."""
    fit = 0 < len(amounts) <= _MOST_LINES and all(-(2**63) < amount < 2**63 for amount in amounts)
    return fit and session.get_bind().dialect.name == "postgresql"
