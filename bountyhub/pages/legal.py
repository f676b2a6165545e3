"""What the law asks a site to say: its terms, what it keeps of people, and who operates it."""

from __future__ import annotations

from flask import Blueprint, render_template
from markupsafe import Markup

from bountyhub import settings
from bountyhub.kit.errors import NotFound
from bountyhub.kit.markdown import to_html
from bountyhub.kit.texts import NAMES, legal_text

blueprint = Blueprint("legal", __name__)
TITLES = {"terms": "Terms", "privacy": "What we keep of you"}


@blueprint.get("/legal/<name>")
def show(name: str) -> str:
    """The terms or the privacy notice, with its version."""
    if name not in NAMES:
        raise NotFound("There is no such text.")
    found = legal_text(name)
    return render_template(
        "legal/text.html", title=TITLES[name], version=found.version, text=Markup(to_html(found.text))
    )  # fmt: skip


@blueprint.get("/legal/imprint")
def imprint() -> str:
    """Who operates this site."""
    here = settings.current()
    return render_template(
        "legal/imprint.html", name=here.LEGAL_NAME, address=here.legal_address_lines, contact=here.LEGAL_CONTACT,
        vat_id=here.LEGAL_VAT_ID, basis=here.LEGAL_BASIS,
    )  # fmt: skip
