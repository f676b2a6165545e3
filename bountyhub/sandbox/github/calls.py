"""One API request: its transaction, actor, repository and answer. The decorators here register every REST handler.

Each repository resource answers below both `/repos/<owner>/<repo_name>` and `/repositories/<id>`, as GitHub's do.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from bountyhub.sandbox.context import current_sandbox
from bountyhub.sandbox.github import access, limits
from bountyhub.sandbox.github.errors import GithubError, MovedIssue, invalid, moved, not_found
from bountyhub.sandbox.github.shapes.apps import granted
from bountyhub.sandbox.github.world import Urls, World
from bountyhub.sandbox.store import Doc, Tx

blueprint = Blueprint("github", __name__, url_prefix="/github", template_folder="../templates")
API = "/api/v3"
MAX_PAGE = 100
#: What an address is about → the permission that an App needs to write it.
WRITTEN = (("/check-runs", "checks"), ("/issues", "issues"), ("/labels", "issues"))


@dataclass(frozen=True)
class Call:
    """What a handler gets: `repo` is None outside a repository; handlers return a body or (body, status)."""

    world: World
    actor: access.Actor
    repo_doc: Doc | None = None

    @property
    def repo(self) -> Doc:
        if self.repo_doc is None:
            raise not_found()
        return self.repo_doc

    @property
    def person(self) -> Doc:
        """Who acts; the App's bot for an installation token."""
        if self.actor.person is None:
            raise GithubError(401, "Requires authentication")
        return self.actor.person

    @property
    def by_app(self) -> bool:
        return self.actor.kind == "installation"


Handler = Callable[..., Any]


def world_of_request(tx: Tx) -> World:
    sandbox = current_sandbox()
    return World(tx, sandbox.clock.now(), Urls(f"{request.host_url.rstrip('/')}/github"), sandbox.config)


def endpoint(method: str, rule: str) -> Callable[[Handler], Handler]:
    """Register a handler outside repositories."""

    def register(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def view(**values: Any) -> Response:
            return run(lambda call: handler(call, **values))

        blueprint.add_url_rule(API + rule, f"{method} {rule}", view, methods=[method])
        return handler

    return register


def resource(method: str, rule: str, *, role: str = "read", app: str = "write") -> Callable[[Handler], Handler]:
    """Register a handler below a repository. To write, a user needs `role` and the App `app` to be "write"."""

    def register(handler: Handler) -> Handler:
        def act(call: Call, repo: Doc, values: Doc) -> Any:
            _require_rights(call, repo, method, role, app if _is_granted(call, rule) else "none")
            return handler(Call(call.world, call.actor, repo), **values)

        def by_name(owner: str, repo_name: str, **values: Any) -> Response:
            return run(lambda call: act(call, _repo_by_name(call, owner, repo_name), values))

        def by_id(repository_id: int, **values: Any) -> Response:
            return run(lambda call: act(call, _repo_by_id(call, repository_id), values))

        names = ("/repos/<owner>/<repo_name>", by_name), ("/repositories/<int:repository_id>", by_id)
        for prefix, view in names:
            blueprint.add_url_rule(API + prefix + rule, f"{method} {prefix}{rule}", view, methods=[method])
        return handler

    return register


# ---------------------------------------------------------------- repository and rights


def _repo_by_name(call: Call, owner: str, name: str) -> Doc:
    found = call.world.repo_by_name(f"{owner}/{name}")
    if found is not None:
        _require_visible(call, found)
        return found
    former = call.world.moved_repo(f"{owner}/{name}")
    if former is None or former["deleted"]:
        raise not_found()
    _require_visible(call, former)
    rest = request.path.split(f"/repos/{owner}/{name}", 1)[1]
    raise _redirect(f"{call.world.urls.api}/repositories/{former['id']}{rest}")


def _repo_by_id(call: Call, id: int) -> Doc:
    found = call.world.repo(id)
    _require_visible(call, found)
    return found


def _require_visible(call: Call, repo: Doc) -> None:
    """The App itself (by JWT) sees where it is installed, which is all it can ask of a repository."""
    if call.actor.kind != "app" or call.world.installation_for(repo) is None:
        access.require_visible(call.actor, repo)


def _redirect(location: str) -> GithubError:
    query = request.query_string.decode()
    return moved(location + (f"?{query}" if query else ""), keep_method=request.method != "GET")


def _is_granted(call: Call, rule: str) -> bool:
    """Whether the installation may write what this address is about."""
    permission = next((name for part, name in WRITTEN if rule.startswith(part)), None)
    if permission is None or call.actor.installation is None:
        return True
    return bool(granted(call.actor.installation).get(permission) == "write")


def _require_rights(call: Call, repo: Doc, method: str, role: str, app: str) -> None:
    if method == "GET":
        return
    if call.actor.kind in ("anonymous", "app"):
        raise GithubError(401, "Requires authentication")
    installation = call.world.installation_for(repo)
    if call.by_app:
        own = installation is not None and call.actor.installation == installation
        if not own or app != "write":
            raise GithubError(403, "Resource not accessible by integration")
    elif installation is None or not access.at_least(repo, call.actor.person, role):
        raise GithubError(403, "Must have push access to the repository.")


# ---------------------------------------------------------------- answers


def run(handle: Callable[[Call], Any]) -> Response:
    """Run a handler in one transaction; send the webhooks it wrote after the answer has gone out."""
    sandbox = current_sandbox()
    token = request.headers.get("Authorization")
    try:
        with sandbox.store.transaction() as tx:
            world = world_of_request(tx)
            limits.require_up(world)
            limits.require_below_limit(world, request.path)
            result = handle(Call(world, access.authenticate(world, token)))
        response = _success(result)
    except MovedIssue as gone_to:
        location = f"{_root()}/repositories/{gone_to.repo}/issues/{gone_to.number}{_after_issue()}"
        response = error_response(_redirect(location))
    except GithubError as error:
        response = error_response(error)
    limits.add_headers(response, token)
    if request.method != "GET":
        response.call_on_close(sandbox.sender.wake)
    return response


def _root() -> str:
    return f"{request.host_url.rstrip('/')}/github{API}"


def _after_issue() -> str:
    """What follows the number in `…/issues/7/comments`."""
    return "".join(f"/{part}" for part in request.path.split("/issues/", 1)[1].split("/")[1:])


def _success(result: Any) -> Response:
    if isinstance(result, Response):
        return result
    body, status = result if isinstance(result, tuple) else (result, 200)
    if status == 204:
        return Response(status=204)
    return json_response(body, status)


def json_response(body: Any, status: int = 200) -> Response:
    """JSON with GitHub's headers; a GET carries an ETag and answers 304 to somebody who has it."""
    text = json.dumps(body, separators=(",", ":"))
    response = Response(text, status, content_type="application/json; charset=utf-8")
    response.headers["X-GitHub-Media-Type"] = "github.v3; format=json"
    if request.method == "GET" and status == 200:
        tag = f'W/"{hashlib.sha256(text.encode()).hexdigest()}"'
        if request.headers.get("If-None-Match") == tag:
            response = Response(status=304)
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = "private, max-age=60, s-maxage=60"
    return response


def error_response(error: GithubError) -> Response:
    response = json_response(error.body, error.status)
    response.headers.update(error.headers)
    return response


# ---------------------------------------------------------------- input


def body() -> Doc:
    """The JSON object of the request; 400 for anything else."""
    if not request.get_data():
        return {}
    given = request.get_json(silent=True, force=True)
    if not isinstance(given, dict):
        raise GithubError(400, "Problems parsing JSON")
    return given


def text(given: Doc, resource_name: str, field: str) -> str:
    """A required text field; 422 as GitHub words it."""
    value = given.get(field)
    if value is None:
        raise invalid(resource_name, field, "missing_field")
    if not isinstance(value, str):
        raise invalid(resource_name, field)
    return value


def page(items: list[Any]) -> tuple[list[Any], dict[str, str]]:
    """This page of a list and its `Link` header."""
    size = min(MAX_PAGE, max(1, request.args.get("per_page", 30, type=int)))
    number = max(1, request.args.get("page", 1, type=int))
    last = max(1, -(-len(items) // size))
    wanted = {"prev": number - 1, "next": number + 1, "last": last, "first": 1}
    shown = {"prev", "first"} if number > 1 else set()
    shown |= {"next", "last"} if number < last else set()
    links = [f'<{_page_url(wanted[rel])}>; rel="{rel}"' for rel in wanted if rel in shown]
    return items[(number - 1) * size : number * size], {"Link": ", ".join(links)} if links else {}


def _page_url(number: int) -> str:
    return f"{request.base_url}?{urlencode(request.args.to_dict() | {'page': number})}"


def listing(items: list[Any], shape: Callable[[Any], Any]) -> Response:
    """One page of documents, shaped after it was cut out."""
    part, headers = page(items)
    response = json_response([shape(item) for item in part])
    response.headers.update(headers)
    return response


def counted(items: list[Any], key: str, shape: Callable[[Any], Any], **more: Any) -> Response:
    """The same for answers of the form {"total_count": …, key: […]}."""
    part, headers = page(items)
    response = json_response({"total_count": len(items), key: [shape(item) for item in part]} | more)
    response.headers.update(headers)
    return response
