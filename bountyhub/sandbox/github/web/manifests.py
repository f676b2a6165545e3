"""Making an App from a manifest: the page that asks once more, and the exchange of its code for the App's keys.

This GitHub has one App, so what is handed out are that one's keys.
https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

from __future__ import annotations

import json
import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import render_template, request

from bountyhub.sandbox.context import current_sandbox
from bountyhub.sandbox.github.calls import Call, blueprint, endpoint, world_of_request
from bountyhub.sandbox.github.errors import GithubError, not_found
from bountyhub.sandbox.github.shapes import apps as shapes
from bountyhub.sandbox.github.web.frame import Visit, deed
from bountyhub.sandbox.github.web.session import current_person, people
from bountyhub.sandbox.store import Doc

CODE_SECONDS = 3600
NEEDED = ("url", "redirect_url", "hook_attributes", "default_permissions", "default_events")


@blueprint.post("/settings/apps/new")
def ask() -> Any:
    """Show what is to be made."""
    text, state = request.form.get("manifest", ""), request.args.get("state", "")
    wanted = _manifest(text)
    with current_sandbox().store.transaction() as tx:
        world = world_of_request(tx)
        values: Doc = {"person": current_person(world), "people": people(world), "here": "/github/"}
    return render_template("github/manifest.html", wanted=wanted, manifest=text, state=state, **values)


@deed("/settings/apps/create")
def create(visit: Visit) -> str:
    """The second click: back to the application with a code."""
    wanted = _manifest(request.form.get("manifest", ""))
    code = secrets.token_hex(20)
    visit.world.tx.put("gh_manifest", code, {"owner": visit.me["id"], "expires": visit.world.real + CODE_SECONDS})
    visit.world.tx.put("gh_app", "permissions", wanted["default_permissions"])
    visit.world.tx.put("gh_app", "events", {"events": wanted["default_events"]})
    back = {"code": code, "state": request.form.get("state", "")}
    return f"{wanted['redirect_url']}?{urlencode({name: value for name, value in back.items() if value})}"


@endpoint("POST", "/app-manifests/<code>/conversions")
def convert(call: Call, code: str) -> tuple[Doc, int]:
    """Each code is good for once."""
    kept = call.world.tx.get("gh_manifest", code)
    if kept is None or kept["expires"] <= call.world.real:
        raise not_found()
    call.world.tx.delete("gh_manifest", code)
    config = shapes.app_config(call.world)
    keys = {
        "client_id": config.github_client_id,
        "client_secret": config.github_client_secret,
        "webhook_secret": config.github_webhook_secret,
        "pem": config.github_app_private_key,
    }
    return shapes.app(call.world) | {"installations_count": 0} | keys, 201


def _manifest(text: str) -> Doc:
    try:
        wanted = json.loads(text)
    except ValueError:
        raise GithubError(422, "The manifest is no JSON") from None
    if not isinstance(wanted, dict) or any(name not in wanted for name in NEEDED):
        raise GithubError(422, f"The manifest needs {', '.join(NEEDED)}")
    here, ours = urlsplit(str(wanted["redirect_url"])), urlsplit(current_sandbox().config.app_url)
    if (here.scheme, here.port) != (ours.scheme, ours.port):
        raise GithubError(422, "The redirect_url leads somewhere else")
    return wanted
