"""The App about itself: its installations and their tokens."""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.github import access
from bountyhub.sandbox.github.actions.installs import covered
from bountyhub.sandbox.github.calls import Call, counted, endpoint, listing, resource
from bountyhub.sandbox.github.errors import GithubError, not_found
from bountyhub.sandbox.github.shapes import apps as shapes
from bountyhub.sandbox.github.shapes.repositories import repository
from bountyhub.sandbox.github.world import iso
from bountyhub.sandbox.store import Doc


def _installations(call: Call) -> list[Doc]:
    access.require_app(call.actor)
    return [doc for doc in call.world.tx.all("gh_installation", newest_first=True) if not doc["deleted"]]


def _installation(call: Call, id: int) -> Doc:
    access.require_app(call.actor)
    found = call.world.installation(id)
    if found is None:
        raise not_found()
    return found


@endpoint("GET", "/app")
def get_app(call: Call) -> Doc:
    count = len(_installations(call))
    return shapes.app(call.world) | {"installations_count": count}


@endpoint("GET", "/app/installations")
def list_installations(call: Call) -> Any:
    return listing(_installations(call), lambda doc: _in_list(shapes.installation(call.world, doc)))


def _in_list(body: Doc) -> Doc:
    """The published description of the list alone knows no `client_id`."""
    return {name: value for name, value in body.items() if name != "client_id"}


@endpoint("GET", "/app/installations/<int:installation_id>")
def get_installation(call: Call, installation_id: int) -> Doc:
    return shapes.installation(call.world, _installation(call, installation_id))


@endpoint("POST", "/app/installations/<int:installation_id>/access_tokens")
def create_token(call: Call, installation_id: int) -> tuple[Doc, int]:
    installation = _installation(call, installation_id)
    if installation["suspended_at"] is not None:
        raise GithubError(403, "This installation has been suspended")
    token = access.new_installation_token(call.world, installation)
    body = {"token": token["token"], "expires_at": iso(token["expires"]), "permissions": shapes.granted(installation)}
    return body | {"repository_selection": installation["selection"]}, 201


@resource("GET", "/installation")
def get_repo_installation(call: Call) -> Doc:
    access.require_app(call.actor)
    found = call.world.installation_for(call.repo)
    if found is None:
        raise not_found()
    return shapes.installation(call.world, found)


@endpoint("GET", "/users/<login>/installation")
def get_user_installation(call: Call, login: str) -> Doc:
    access.require_app(call.actor)
    found = call.world.installation_of(call.world.named(login)["id"])
    if found is None:
        raise not_found()
    return shapes.installation(call.world, found)


@endpoint("GET", "/installation/repositories")
def list_installation_repositories(call: Call) -> Any:
    installation = access.require_installation(call.actor)
    repos = covered(call.world, installation)
    selection = installation["selection"]
    return counted(repos, "repositories", lambda doc: repository(call.world, doc), repository_selection=selection)


@endpoint("DELETE", "/installation/token")
def revoke_token(call: Call) -> tuple[None, int]:
    access.require_installation(call.actor)
    call.world.tx.delete("gh_token", call.actor.token)
    return None, 204
