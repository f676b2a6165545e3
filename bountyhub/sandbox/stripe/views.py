"""The blueprint of the stand-in: API, checkout and onboarding pages, dashboard and controls under `/stripe`."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint

from bountyhub.sandbox.stripe import api, checkout_page, control, dashboard, intent_page, onboarding_page

blueprint = Blueprint(
    "stripe", __name__, url_prefix="/stripe", template_folder=str(Path(__file__).parent.parent / "templates")
)
blueprint.add_url_rule("/v1/<path:rest>", "api", api.answer, methods=["GET", "POST", "DELETE"], strict_slashes=False)
for pages in (checkout_page, intent_page, onboarding_page, dashboard, control):
    pages.add(blueprint)
