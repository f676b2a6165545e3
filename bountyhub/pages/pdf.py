"""An issued paper as a PDF, made from its stored content alone: the same bytes each time.

The font comes with the program (static/fonts), so that Łukasz, Émilie, € and Кирилл are printed everywhere.
"""

from __future__ import annotations

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont

from bountyhub.funding.models import Paper
from bountyhub.funding.papers import Face, from_json
from bountyhub.kit.paths import asset

FONT, SIZE, LINE = "DejaVu", 10, 5.5
WIDTH, AMOUNT = 170, 45
#: What the font can't draw; the page shows it.
MISSING = "□"


class _Page(FPDF):
    """A4 with our font, and nothing in it that depends on the moment."""

    def __init__(self, paper: Paper, face: Face) -> None:
        super().__init__(format="A4")
        self.set_margins(20, 20)
        for style, name in (("", "DejaVuSans"), ("B", "DejaVuSans-Bold")):
            self.add_font(FONT, style, asset("static") / "fonts" / f"{name}.ttf")
        self.set_creation_date(paper.issued_at)
        self.set_producer("bountyhub")
        self.set_title(f"{face.title} {face.name}")
        self.set_lang("en")
        self.add_page()

    def put(self, text: str, *, bold: bool = False, size: int = SIZE, link: str = "") -> None:
        """A paragraph over the whole width."""
        self.set_font(FONT, "B" if bold else "", size)
        height = LINE * size / SIZE
        self.multi_cell(WIDTH, height, self.known(text), align="L", link=link, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def pair(self, left: str, right: str, *, bold: bool = False) -> None:
        """A text and its amount, on one line as long as both fit."""
        self.set_font(FONT, "B" if bold else "", SIZE)
        top = self.get_y()
        self.multi_cell(WIDTH - AMOUNT, LINE, self.known(left), align="L", new_x=XPos.RIGHT, new_y=YPos.TOP)
        lines = self.multi_cell(WIDTH - AMOUNT, LINE, self.known(left), dry_run=True, output=MethodReturnValue.LINES)
        assert isinstance(lines, list)
        below = top + LINE * len(lines)
        self.cell(AMOUNT, LINE, self.known(right), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_y(below)

    def known(self, text: str) -> str:
        """The text with a box for each character that the font lacks."""
        font = self.fonts[FONT.lower()]
        assert isinstance(font, TTFFont)
        glyphs = font.cmap
        return "".join(each if ord(each) in glyphs or each == "\n" else MISSING for each in text)


def as_pdf(paper: Paper) -> bytes:
    """The file."""
    face = from_json(paper.content)
    page = _Page(paper, face)
    for line in face.seller:
        page.put(line, size=9)
    page.ln(LINE)
    page.put(face.title, bold=True, size=16)
    page.put(f"{face.name}, {face.date}")
    page.ln(LINE)
    for line in face.buyer:
        page.put(line)
    page.ln(LINE)
    for fact in face.facts:
        page.put(f"{fact.text}: {fact.value}", link=fact.link)
    page.ln(LINE)
    for row in face.rows:
        page.pair(row.text, row.written)
    page.pair(face.total.text, face.total.written, bold=True)
    page.ln(LINE)
    for note in face.notes:
        page.put(note, size=9)
    return bytes(page.output())
