"""New people and new repositories."""

from __future__ import annotations

from flask import request

from bountyhub.sandbox.github.actions.people import create_person
from bountyhub.sandbox.github.actions.repositories import create_repository
from bountyhub.sandbox.github.errors import forbidden
from bountyhub.sandbox.github.web.frame import ROOT, Visit, deed


@deed("/settings/people")
def join(visit: Visit) -> str:
    """Somebody new signs up; anybody can be them from now on."""
    login, name = (request.form.get(field, "").strip() for field in ("login", "name"))
    made = create_person(visit.world, login, name)
    return f"{ROOT}/{made['login']}"


@deed("/<login>/repositories")
def open_repository(visit: Visit, login: str) -> str:
    """A new repository of one's own; an App that is on all of them is on this one too."""
    owner = visit.world.named(login)
    if owner["id"] != visit.me["id"]:
        raise forbidden(f"Only {owner['login']} opens repositories here: choose at the top of the page who you are")
    name, private = request.form.get("name", "").strip(), bool(request.form.get("private"))
    made = create_repository(
        visit.world, owner, name, description=request.form.get("description", "").strip(), private=private
    )
    return f"{ROOT}/{made['full_name']}"
