"""Adds up the payment sandbox's balance transactions in SQL alone: `python tests/sums.py FILE`.

A second opinion on `bountyhub demo`: it imports nothing of the project and shares no line with its own script.
"""

from __future__ import annotations

import sqlite3
import sys

QUERY = """
SELECT upper(json_extract(body, '$.currency')), sum(json_extract(body, '$.net'))
FROM doc WHERE kind = 'stripe.balance_transaction' GROUP BY 1 ORDER BY 1
"""


def balances(path: str) -> dict[str, int]:
    """Minor units by currency."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return {str(row[0]): int(row[1]) for row in connection.execute(QUERY)}
    finally:
        connection.close()


if __name__ == "__main__":
    for currency, net in balances(sys.argv[1]).items():
        print(currency, net)
