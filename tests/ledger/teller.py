"""`python -m tests.ledger.teller URL SEED`: tells a book of the same events again and again, in an order of its own.

Says `ready`, waits for a line, then prints the entries that it was answered.
"""

from __future__ import annotations

import random
import sys

from bountyhub.kit import database
from bountyhub.kit.database import transaction
from tests.ledger.books import ALL, COSTS, capture_one

TIMES = 5


def main(url: str, seed: str) -> None:
    """Each payment of example A with its cost, five times."""
    told = [(terms, cost) for terms in ALL for cost in (0, COSTS[terms.contribution])] * TIMES
    random.Random(seed).shuffle(told)
    engine = database.configure(url)
    with transaction():
        print("ready", flush=True)
    sys.stdin.readline()
    ids = set()
    for terms, cost in told:
        with transaction() as session:
            ids.add(capture_one(session, terms, cost).id)
    print(*sorted(ids))
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
