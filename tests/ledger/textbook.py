"""The worked examples as a textbook prints them: played by their own tests, read from the books they left.

`python -m tests.ledger.textbook --write` writes docs/how-money-is-booked/ (`make docs-ledger`); `test_textbook`
fails when a committed page says something else.
"""

from __future__ import annotations

import itertools
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.kit import migrate
from bountyhub.kit.database import reading
from bountyhub.ledger import queries
from bountyhub.ledger.accounts import OWED_KINDS
from bountyhub.ledger.models import Account, Entry, Line
from tests.ledger.books import EUR, example_a
from tests.ledger.guard_list import configured
from tests.ledger.textbook_examples import EXAMPLES, HEAD, PAGES, Example, Play

FOLDER = Path(__file__).parents[2] / "docs" / "how-money-is-booked"
MakeDatabase = Callable[[], str]


@dataclass(frozen=True)
class Posting:
    """One line of an entry; the amount is signed (+ debit, − credit)."""

    entry: int
    kind: str
    account: Account
    amount: int


def pages(make: MakeDatabase) -> dict[str, str]:
    """Every page by its file's name; `make` gives the URL of a fresh book for each play."""
    opening = _opening_entries(make)
    found = {"README.md": _contents()}
    for name, title, letters in PAGES:
        parts = [f"# {title}", "[What the tables say, and all examples](README.md)"]
        for example in _of(letters):
            parts += [f"## {example.letter}. {example.title}", example.words]
            for play in example.plays:
                parts += _played(make, example, play, opening if example.after_a else 0)
        found[f"{name}.md"] = "\n\n".join(parts) + "\n"
    return found


def _contents() -> str:
    rows = sorted((example.letter, example.title, page) for page, _, letters in PAGES for example in _of(letters))
    links = [f"| {letter} | [{title}]({page}.md) |" for letter, title, page in rows]
    return "\n".join([HEAD, "", "| | example |", "|---|---|", *links, ""])


def _of(letters: str) -> list[Example]:
    return [example for example in EXAMPLES if example.letter in letters]


def _opening_entries(make: MakeDatabase) -> int:
    postings, _ = _left_by(example_a, make())
    return len({posting.entry for posting in postings})


def _played(make: MakeDatabase, example: Example, play: Play, opening: int) -> Iterator[str]:
    postings, own_funds = _left_by(play.run, make())
    if play.title:
        yield f"**{play.title}**"
    yield "\n".join(_journal(postings, opening))
    yield "\n".join(_balances(postings))
    assert _own_funds(postings) == own_funds, example.letter
    yield f"Own funds: {shown(own_funds)}."


def _left_by(play: Callable[[], None], url: str) -> tuple[list[Posting], int]:
    """What stands in a fresh book after this, and what the application calls its own funds."""
    with configured(url):
        play()
        with reading() as session:
            return _postings(session), queries.own_funds(session, EUR)


def _postings(session: Session) -> list[Posting]:
    query = (
        select(Entry, Account, Line.amount)
        .join(Line, Line.entry_id == Entry.id)
        .join(Account, Account.id == Line.account_id)
        .order_by(Entry.id, Line.amount < 0, Account.path)
    )
    return [Posting(entry.id, entry.kind, account, amount) for entry, account, amount in session.execute(query)]


def _journal(postings: list[Posting], opening: int) -> Iterator[str]:
    """Every entry after the opening ones, debits first, with own funds as they stand after it."""
    yield "| | event | account | debit | credit | own funds |"
    yield "|---|---|---|---:|---:|---:|"
    for number, posting in enumerate(postings):
        if posting.entry <= opening:
            continue
        begins = number == 0 or postings[number - 1].entry != posting.entry
        ends = number + 1 == len(postings) or postings[number + 1].entry != posting.entry
        name = (str(posting.entry), f"`{posting.kind}`") if begins else ("", "")
        funds = shown(_own_funds(postings[: number + 1])) if ends else ""
        yield _row(*name, f"`{posting.account.path}`", *_sides(posting.amount), funds)


def _balances(postings: list[Posting]) -> Iterator[str]:
    """What is not at zero in the end, and both sides' sums."""
    yield "| balance | debit | credit |"
    yield "|---|---:|---:|"
    standing = [(path, amount) for path, amount in sorted(_by_path(postings).items()) if amount]
    for path, amount in standing:
        yield _row(f"`{path}`", *_sides(amount))
    total = sum(amount for _, amount in standing if amount > 0)
    yield _row("", f"**{shown(total)}**", f"**{shown(-sum(amount for _, amount in standing if amount < 0))}**")


def _by_path(postings: list[Posting]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for posting in postings:
        sums[posting.account.path] = sums.get(posting.account.path, 0) + posting.amount
    return sums


def _own_funds(postings: list[Posting]) -> int:
    """clearing + Σ min(dispute_funds, frozen) + bank/unclaimed − owed: what is owed is negative here."""
    sums = _by_path(postings)
    owed = {posting.account.path for posting in postings if posting.account.kind in OWED_KINDS}
    disputes = [path.removeprefix("frozen/") for path in sums if path.startswith("frozen/")]
    covered = sum(min(sums.get(f"dispute_funds/{name}", 0), -sums[f"frozen/{name}"]) for name in disputes)
    return sums.get("clearing", 0) + sums.get("bank/unclaimed", 0) + covered + sum(sums[path] for path in owed)


def _sides(amount: int) -> tuple[str, str]:
    return (shown(amount), "") if amount > 0 else ("", shown(-amount))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def shown(cents: int) -> str:
    """5275 → 52.75, −202 → −2.02."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'−' if cents < 0 else ''}{whole}.{rest:02}"


def write(make: MakeDatabase) -> None:
    """Write the pages."""
    FOLDER.mkdir(exist_ok=True)
    for name, page in pages(make).items():
        (FOLDER / name).write_text(page, encoding="utf-8")


def main() -> None:
    """Write or print the pages, from books of their own."""
    with tempfile.TemporaryDirectory() as name:
        template, books = Path(name) / "template.sqlite", itertools.count()
        migrate.upgrade(f"sqlite:///{template}")

        def make() -> str:
            copy = Path(name) / f"{next(books)}.sqlite"
            shutil.copyfile(template, copy)
            return f"sqlite:///{copy}"

        if "--write" in sys.argv:
            write(make)
        else:
            print("\n".join(pages(make).values()))


if __name__ == "__main__":
    main()
