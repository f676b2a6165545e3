"""Repositories and who may do what in them."""

from __future__ import annotations

import base64
import hashlib

from flask import request

from bountyhub.sandbox.github.access import OLD_NAMES, ROLES, role
from bountyhub.sandbox.github.actions.files import file_at
from bountyhub.sandbox.github.calls import Call, resource
from bountyhub.sandbox.github.errors import GithubError, not_found
from bountyhub.sandbox.github.shapes.people import simple_user
from bountyhub.sandbox.github.shapes.repositories import full_repository
from bountyhub.sandbox.store import Doc


@resource("GET", "")
def get_repository(call: Call) -> Doc:
    return full_repository(call.world, call.repo)


@resource("GET", "/collaborators/<username>/permission")
def get_permission(call: Call, username: str) -> Doc:
    if call.actor.kind in ("anonymous", "app"):
        raise GithubError(401, "Requires authentication")
    person = call.world.named(username)
    name = role(call.repo, person)
    held = ROLES.index(name)
    flags = {"admin": "admin", "maintain": "maintain", "push": "write", "triage": "triage", "pull": "read"}
    permissions = {flag: held >= ROLES.index(needed) for flag, needed in flags.items()}
    user = simple_user(call.world.urls, person) | {"permissions": permissions, "role_name": name}
    return {"permission": OLD_NAMES.get(name, name), "user": user, "role_name": name}


@resource("GET", "/contents/<path:path>")
def get_content(call: Call, path: str) -> Doc:
    ref = request.args.get("ref") or call.repo["default_branch"]
    text = file_at(call.world, call.repo, ref, path)
    if text is None:
        raise not_found()
    url = f"{call.world.urls.repo(call.repo)}/contents/{path}?ref={ref}"
    page = f"{call.world.urls.page(call.repo)}/blob/{ref}/{path}"
    sha = hashlib.sha1(text.encode()).hexdigest()  # noqa: S324
    git = f"{call.world.urls.repo(call.repo)}/git/blobs/{sha}"
    return {
        "type": "file",
        "encoding": "base64",
        "size": len(text.encode()),
        "name": path.rpartition("/")[2],
        "path": path,
        "content": base64.encodebytes(text.encode()).decode(),
        "sha": sha,
        "url": url,
        "git_url": git,
        "html_url": page,
        "download_url": page.replace("/blob/", "/raw/"),
        "_links": {"git": git, "self": url, "html": page},
    }
