"""One visit to a page or press of a button: transaction, person, repository, refusals as pages.

`page` registers a GET that gives (template, values), `deed` a POST that gives the address to go on to.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request
from markupsafe import Markup

from bountyhub.sandbox.context import current_sandbox
from bountyhub.sandbox.github.access import at_least, role
from bountyhub.sandbox.github.calls import blueprint, world_of_request
from bountyhub.sandbox.github.errors import GithubError, MovedIssue, forbidden, not_found
from bountyhub.sandbox.github.web.session import current_person, people, require_person
from bountyhub.sandbox.github.web.text import as_html, as_time
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc, Tx

ROOT = "/github"


@dataclass(frozen=True)
class Visit:
    """`person` may be nobody; `repo_doc` is set below /<owner>/<name>."""

    world: World
    person: Doc | None
    repo_doc: Doc | None = None

    @property
    def repo(self) -> Doc:
        if self.repo_doc is None:
            raise not_found()
        return self.repo_doc

    @property
    def me(self) -> Doc:
        """The person who presses a button; asks for one when there is none."""
        return require_person(self.world)

    @property
    def base(self) -> str:
        return f"{ROOT}/{self.repo['full_name']}"

    def may(self, wanted: str) -> bool:
        return at_least(self.repo, self.person, wanted)

    def require(self, wanted: str, author: int | None = None) -> None:
        """The role, or being the author where that is enough."""
        if self.me["id"] != author and not at_least(self.repo, self.me, wanted):
            raise forbidden(f"This needs the role {wanted} in {self.repo['full_name']}; you have {self.role}.")

    @property
    def role(self) -> str:
        return role(self.repo, self.person)

    def login(self, id: int | None) -> str:
        return "" if id is None else str(self.world.shown(id)["login"])


Handler = Callable[..., Any]


def page(rule: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def view(**values: Any) -> Any:
            return _run(lambda tx: _show(handler, _visit(tx, values), values))

        blueprint.add_url_rule(rule, f"page {rule}", view)
        return handler

    return register


def deed(rule: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def view(**values: Any) -> Any:
            response = _run(lambda tx: redirect(handler(_visit(tx, values), **values), 303))
            if hasattr(response, "call_on_close"):
                response.call_on_close(current_sandbox().sender.wake)
            return response

        blueprint.add_url_rule(rule, f"deed {rule}", view, methods=["POST"])
        return handler

    return register


def _run(act: Callable[[Tx], Any]) -> Any:
    try:
        with current_sandbox().store.transaction() as tx:
            return act(tx)
    except MovedIssue as moved:
        with current_sandbox().store.transaction() as tx:
            repo = world_of_request(tx).repo(moved.repo)
        return redirect(f"{ROOT}/{repo['full_name']}/issues/{moved.number}", 302)
    except GithubError as error:
        if "Location" in error.headers:
            return redirect(error.headers["Location"], 303 if request.method == "POST" else 302)
        return refusal(error)


def refusal(error: GithubError) -> tuple[str, int]:
    """A page that says no, with GitHub's own words."""
    words = {404: "Not found", 410: "Deleted", 401: "Who are you?", 403: "Not allowed"}
    heading = words.get(error.status, "That did not work")
    values = {"status": error.status, "heading": heading, "sentence": error.message}
    return render_template("sandbox/error.html", **values), error.status


blueprint.register_error_handler(GithubError, refusal)


def _visit(tx: Tx, values: dict[str, Any]) -> Visit:
    world = world_of_request(tx)
    person = current_person(world)
    if "repo_name" not in values:
        return Visit(world, person)
    owner, name = values.pop("owner"), values.pop("repo_name")
    repo = world.repo_by_name(f"{owner}/{name}") or _former(world, owner, name)
    if not at_least(repo, person, "read"):
        raise not_found()
    return Visit(world, person, repo)


def _former(world: World, owner: str, name: str) -> Doc:
    repo = world.moved_repo(f"{owner}/{name}")
    if repo is None or repo["deleted"]:
        raise not_found()
    # A button pressed twice: what the second press was for has happened, and its address takes no visits.
    rest = "" if request.method == "POST" else request.path.removeprefix(f"{ROOT}/{owner}/{name}")
    raise elsewhere(f"{ROOT}/{repo['full_name']}{rest}")


def elsewhere(address: str) -> GithubError:
    """A redirect, to be raised."""
    error = GithubError(302, "Moved")
    error.headers["Location"] = address
    return error


def _show(handler: Handler, visit: Visit, values: dict[str, Any]) -> str:
    template, context = handler(visit, **values)
    tools: dict[str, Any] = {"markdown": lambda text: Markup(as_html(text)), "time": as_time, "login": visit.login}
    common = {"person": visit.person, "people": people(visit.world), "here": request.full_path.rstrip("?")}
    return render_template(f"github/{template}.html", visit=visit, **tools, **common, **context)
