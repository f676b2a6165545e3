"""Papers on pages and as PDFs: for their backer alone, as they were issued, the same bytes each time."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from fpdf import FPDF
from fpdf.fonts import TTFFont

from bountyhub import settings
from bountyhub.funding.models import Paper
from bountyhub.funding.papers import as_json, from_json
from bountyhub.kit.database import transaction
from bountyhub.pages.contexts.papers import as_csv
from bountyhub.pages.pdf import as_pdf
from bountyhub.people.models import LinkPurpose
from bountyhub.people.operations import make_link
from bountyhub.work.operations import withdraw
from tests.builders.settings import play_settings
from tests.builders.world import BO, CLEO, DARA
from tests.pages.conftest import Pages


@pytest.fixture
def paper(pages: Pages) -> Paper:
    """Cleo's receipt."""
    pages.world.pay(5000)
    (made,) = pages.world.rows(Paper)
    assert isinstance(made, Paper)
    return made


def url(paper: Paper) -> str:
    return f"/contributions/{paper.contribution_id}/papers/{paper.ref}"


def test_its_backer_finds_it_on_the_contributions_page(pages: Pages, paper: Paper) -> None:
    cleo = pages.signed_in(CLEO)
    assert paper.name in cleo.reads(f"/contributions/{paper.contribution_id}")
    said = cleo.reads(url(paper))
    assert f"Receipt {paper.name}" in said and "Paid 52.75 EUR" in said
    assert cleo.get(url(paper)).headers["Cache-Control"] == "no-store"


def test_it_is_nobody_elses(pages: Pages, paper: Paper) -> None:
    for who in (BO, DARA):
        for path in (url(paper), f"{url(paper)}.pdf"):
            assert pages.signed_in(who).get(path).status_code == 404
    assert pages.stranger().get(url(paper)).status_code == 303
    other = pages.world.pay(2500, by=DARA)
    assert pages.signed_in(DARA).get(f"/contributions/{other.id}/papers/{paper.ref}").status_code == 404


def test_money_moved_to_another_task_keeps_its_papers(pages: Pages, paper: Paper) -> None:
    cleo, to = pages.signed_in(CLEO), str(pages.world.task(13))
    moved = cleo.post(f"/contributions/{paper.contribution_id}/move", to=to).location
    assert paper.name in cleo.reads(moved)
    assert f"Receipt {paper.name}" in cleo.reads(f"{moved}/papers/{paper.ref}")
    assert pages.signed_in(DARA).get(f"{moved}/papers/{paper.ref}").status_code == 404
    cleo.post(f"{moved}/withdraw")
    assert "Credit note" not in cleo.reads(f"/contributions/{paper.contribution_id}"), "that is of where it went"
    assert "Credit note" in cleo.reads(moved)


def test_the_link_in_the_receipt_opens_it(pages: Pages, paper: Paper) -> None:
    with transaction() as session:
        secret = make_link(session, LinkPurpose.CONTRIBUTION, "cleo@example.org", paper.contribution_id)
    stranger = pages.stranger()
    assert paper.name in stranger.reads(f"/c/{secret}/papers/{paper.ref}")
    assert stranger.get(f"/c/{secret}/papers/{paper.ref}.pdf").data.startswith(b"%PDF-")
    assert stranger.get(f"/c/made-up/papers/{paper.ref}").status_code == 410
    assert stranger.get(f"/c/{secret}/papers/made-up").status_code == 404


def test_the_pdf_is_the_same_bytes_each_time_whatever_changed(pages: Pages, paper: Paper) -> None:
    cleo = pages.signed_in(CLEO)
    first = cleo.get(f"{url(paper)}.pdf")
    settings.use(play_settings(LEGAL_NAME="Somebody else"))
    second = cleo.get(f"{url(paper)}.pdf")
    assert first.data == second.data
    assert first.headers["Content-Disposition"] == f'attachment; filename="{paper.name}.pdf"'


NAMES = "Łukasz Émilie Ångström Кирилл Ελένη 5 €"


def test_every_letter_of_europes_names_is_drawn(paper: Paper) -> None:
    paper.content = as_json(replace(from_json(paper.content), buyer=[NAMES], notes=["名"]))
    made = as_pdf(paper)
    assert b"DejaVu" in made and made.startswith(b"%PDF-")
    page = FPDF()
    page.add_font("f", "", "static/fonts/DejaVuSans.ttf")
    font = page.fonts["f"]
    assert isinstance(font, TTFFont)
    assert all(ord(letter) in font.cmap for letter in NAMES)


def test_a_long_text_and_many_lines_fit(paper: Paper) -> None:
    face = from_json(paper.content)
    long = replace(face, rows=face.rows * 60, notes=["word " * 600], buyer=["x" * 500])
    paper.content = as_json(long)
    assert as_pdf(paper).count(b"/Type /Page\n") >= 2


def test_ones_receipts_are_a_table(pages: Pages, paper: Paper) -> None:
    with transaction() as session:
        withdraw(session, paper.contribution_id, pages.world.actor(CLEO))
    answer = pages.signed_in(CLEO).get("/me/receipts.csv")
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    totals = {line["number"][0]: line["amount"] for line in lines if line["text"] in ("Paid", "Goes back")}
    assert totals == {"R": "52.75", "C": "52.75"}
    assert list(csv.DictReader(io.StringIO(pages.signed_in(DARA).get("/me/receipts.csv").text))) == []
    assert pages.stranger().get("/me/receipts.csv").status_code == 303


def test_a_title_is_no_formula_in_a_spreadsheet() -> None:
    assert as_csv([["=1+1", "+x", "@y", "-5.00", ""]]) == "'=1+1,'+x,'@y,-5.00,\r\n"
