"""Milestones of a repository."""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.github.actions import milestones as actions
from bountyhub.sandbox.github.calls import Call, listing, resource
from bountyhub.sandbox.github.rest.issues import wanted_state
from bountyhub.sandbox.github.shapes import milestones as shapes
from bountyhub.sandbox.store import Doc


@resource("GET", "/milestones")
def list_milestones(call: Call) -> Any:
    state = wanted_state("Milestone")
    found = [doc for doc in actions.milestones_of(call.repo) if state in ("all", doc["state"])]
    return listing(found, lambda doc: shapes.milestone(call.world, call.repo, doc))


@resource("GET", "/milestones/<int:number>")
def get_milestone(call: Call, number: int) -> Doc:
    return shapes.milestone(call.world, call.repo, actions.find_milestone(call.repo, number))
