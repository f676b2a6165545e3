"""The table of control actions, how their input is read, and the one view that runs them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request

from bountyhub.sandbox.context import current_sandbox
from bountyhub.sandbox.github.calls import blueprint, error_response, json_response, world_of_request
from bountyhub.sandbox.github.errors import GithubError, MovedIssue, not_found
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc


class Given:
    """What was posted, as JSON or as a form, with the look-ups every action needs."""

    def __init__(self, world: World, values: dict[str, Any]) -> None:
        self.world, self._values = world, values

    def text(self, name: str, default: str = "") -> str:
        value = self._values.get(name)
        return default if value is None else str(value)

    def maybe(self, name: str) -> str | None:
        return None if self._values.get(name) is None else str(self._values[name])

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._values.get(name)
        return default if value is None else str(value).lower() in ("true", "1", "on", "yes")

    def number(self, name: str, default: int | None = None) -> int:
        value = self._values.get(name, default)
        try:
            return int(str(value))
        except ValueError as error:
            raise GithubError(422, f"{name} must be a whole number") from error

    def maybe_number(self, name: str) -> int | None:
        return None if self._values.get(name) is None else self.number(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list, or a text with commas."""
        value = self._values.get(name) or []
        parts = value if isinstance(value, list) else str(value).split(",")
        return tuple(str(part).strip() for part in parts if str(part).strip())

    def repo(self, name: str = "repo") -> Doc:
        """By full name or numeric id."""
        key = self.text(name)
        if key.isdigit():
            return self.world.repo(int(key))
        found = self.world.repo_by_name(key)
        if found is None:
            raise GithubError(404, f"There is no repository {key or '(none given)'}")
        return found

    def person(self, name: str) -> Doc:
        return self.world.named(self.text(name))

    def sender(self, repo: Doc | None = None) -> Doc:
        """`as` names who acts; the repository's owner when nobody is named."""
        if self.text("as"):
            return self.person("as")
        if repo is None:
            raise GithubError(422, "Say with `as` who acts")
        return self.world.person(repo["owner"])

    def issue(self, repo: Doc) -> Doc:
        return self.world.issue(repo, self.number("number"))

    def pull(self, repo: Doc) -> Doc:
        return self.world.pull(repo, self.number("number"))

    def people(self, name: str) -> tuple[Doc, ...]:
        return tuple(self.world.named(login) for login in self.texts(name))


Action = Callable[[Given], Doc]
ACTIONS: dict[str, Action] = {}


def action(handler: Action) -> Action:
    """Register under the function's name."""
    ACTIONS[handler.__name__] = handler
    return handler


@blueprint.post("/control/<name>")
def control(name: str) -> Response:
    sandbox = current_sandbox()
    try:
        with sandbox.store.transaction() as tx:
            handler = ACTIONS.get(name)
            if handler is None:
                raise not_found()
            answer = handler(Given(world_of_request(tx), _posted()))
        response = json_response(answer)
    except MovedIssue as moved:
        response = error_response(GithubError(410, str(moved)))
    except GithubError as error:
        response = error_response(error)
    response.call_on_close(sandbox.sender.wake)
    return response


def _posted() -> dict[str, Any]:
    if not request.is_json:
        return request.form.to_dict()
    given = request.get_json(silent=True)
    return given if isinstance(given, dict) else {}


@blueprint.get("/control")
def list_actions() -> Response:
    """Every action with the fields it takes; `?` marks those that may be left out."""
    return json_response({name: (handler.__doc__ or "").strip() for name, handler in sorted(ACTIONS.items())})
