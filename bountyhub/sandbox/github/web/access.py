"""Who may do what in a repository, for its admin to change."""

from __future__ import annotations

from typing import Any

from flask import request

from bountyhub.sandbox.github.access import ROLES, role
from bountyhub.sandbox.github.actions.people import set_role
from bountyhub.sandbox.github.web.frame import Visit, deed, page
from bountyhub.sandbox.github.web.repository import REPO
from bountyhub.sandbox.github.web.session import people


@page(f"{REPO}/settings/access")
def access(visit: Visit) -> Any:
    rows = [(person, role(visit.repo, person)) for person in people(visit.world)]
    return "access", {"rows": rows, "roles": ROLES}


@deed(f"{REPO}/settings/access")
def change_access(visit: Visit) -> str:
    visit.require("admin")
    person = visit.world.named(request.form.get("login", ""))
    set_role(visit.world, visit.repo, person, request.form.get("role", ""))
    return f"{visit.base}/settings/access"
