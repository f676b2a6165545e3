"""docs/how-money-is-booked/ says what the worked examples' tests leave in the books, figure by figure."""

from __future__ import annotations

from tests.conftest import MakeDatabase
from tests.ledger import textbook
from tests.ledger.textbook_examples import EXAMPLES, PAGES


def test_the_pages_are_what_the_examples_leave_in_the_books(sqlite_database: MakeDatabase) -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in textbook.FOLDER.iterdir()}
    assert textbook.pages(sqlite_database) == written, "`make docs-ledger` writes the pages anew"


def test_every_letter_is_on_one_page() -> None:
    letters = [example.letter for example in EXAMPLES]
    assert letters == list("ABCDEFGHIJK") == sorted("".join(letters for _, _, letters in PAGES))
