"""Signing in with this GitHub: the page where a person says who they are, and the exchange of code for token.

https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Response, redirect, render_template, request

from bountyhub.sandbox.context import current_sandbox
from bountyhub.sandbox.github.access import new_user_token
from bountyhub.sandbox.github.calls import blueprint, json_response, world_of_request
from bountyhub.sandbox.github.errors import GithubError
from bountyhub.sandbox.github.web.session import people, remember
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc

CODE_SECONDS = 600
FIELDS = ("client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method")
ERRORS = {
    "incorrect_client_credentials": "The client_id and/or client_secret passed are incorrect.",
    "redirect_uri_mismatch": "The redirect_uri MUST match the registered callback URL for this application.",
    "bad_verification_code": "The code passed is incorrect or expired.",
}


@blueprint.get("/login/oauth/authorize")
def authorize() -> Any:
    given = {name: request.args.get(name, "") for name in FIELDS}
    _check_client(given)
    with current_sandbox().store.transaction() as tx:
        found = people(world_of_request(tx))
    return render_template("github/authorize.html", fields=given, people=found)


@blueprint.post("/login/oauth/authorize")
def authorize_as() -> Any:
    """A person's button: back to the application with a code, or with GitHub's words for a refusal."""
    given = {name: request.form.get(name, "") for name in FIELDS}
    callback = _check_client(given)
    if request.form.get("refuse"):
        answer = {"error": "access_denied", "error_description": "The user has denied your application access."}
        return redirect(_back(callback, answer | {"state": given["state"]}), 303)
    with current_sandbox().store.transaction() as tx:
        world = world_of_request(tx)
        person = world.named(request.form.get("login", ""))
        code = _new_code(world, person, given)
    response = redirect(_back(callback, {"code": code, "state": given["state"]}), 303)
    remember(response, person)
    return response


def _check_client(given: dict[str, str]) -> str:
    """The callback address; only the application's own are allowed, wherever it is reached on this machine."""
    config = current_sandbox().config
    if given["client_id"] != config.github_client_id:
        raise GithubError(404, "There is no application with this client_id")
    callback = given["redirect_uri"] or f"{config.app_url}/sign-in/github/callback"
    here, ours = urlsplit(callback), urlsplit(config.app_url)
    same_host = {here.hostname, ours.hostname} <= {"127.0.0.1", "localhost"} or here.hostname == ours.hostname
    if not same_host or here.port != ours.port or here.scheme != ours.scheme:
        raise GithubError(400, ERRORS["redirect_uri_mismatch"])
    return callback


def _back(callback: str, values: dict[str, str]) -> str:
    given = {name: value for name, value in values.items() if value}
    return f"{callback}{'&' if '?' in callback else '?'}{urlencode(given)}"


def _new_code(world: World, person: Doc, given: dict[str, str]) -> str:
    code = secrets.token_hex(10)
    fields = {"person": person["id"], "expires": world.real + CODE_SECONDS}
    world.tx.put("gh_code", code, dict(given) | fields)
    return code


@blueprint.post("/login/oauth/access_token")
def access_token() -> Any:
    """JSON when asked for, a form otherwise; refusals come with status 200, as GitHub's do."""
    with current_sandbox().store.transaction() as tx:
        answer = _exchange(world_of_request(tx), _given())
    if "application/json" in request.headers.get("Accept", ""):
        return json_response(answer)
    return Response(urlencode(answer), content_type="application/x-www-form-urlencoded; charset=utf-8")


def _given() -> dict[str, str]:
    """From a form, a JSON body or the query; the client may also name itself by HTTP Basic."""
    body = request.get_json(silent=True) if request.is_json else request.values
    given = {name: str(value) for name, value in dict(body or {}).items()}
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client, _, secret = base64.b64decode(value).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return given
        given |= {"client_id": client, "client_secret": secret}
    return given


def _exchange(world: World, given: dict[str, str]) -> dict[str, str]:
    config = current_sandbox().config
    secret = given.get("client_secret", "")
    if given.get("client_id") != config.github_client_id or not hmac.compare_digest(
        secret.encode(), config.github_client_secret.encode()
    ):
        return _refuse("incorrect_client_credentials")
    code = world.tx.get("gh_code", given.get("code", ""))
    if code is None or code["expires"] <= world.real:
        return _refuse("bad_verification_code")
    if given.get("redirect_uri", code["redirect_uri"]) != code["redirect_uri"]:
        return _refuse("redirect_uri_mismatch")
    # A code is good for one try, whether its verifier fits or not.
    world.tx.delete("gh_code", given["code"])
    if not _verifier_fits(code, given.get("code_verifier", "")):
        return _refuse("bad_verification_code")
    token = new_user_token(world, world.person(code["person"]), code["scope"])
    return {"access_token": token["token"], "scope": code["scope"].replace(" ", ","), "token_type": "bearer"}


def _verifier_fits(code: Doc, verifier: str) -> bool:
    """PKCE, when the request began with a challenge."""
    if not code["code_challenge"]:
        return True
    if code["code_challenge_method"] == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        verifier = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return hmac.compare_digest(verifier, code["code_challenge"])


def _refuse(error: str) -> dict[str, str]:
    return {"error": error, "error_description": ERRORS[error], "error_uri": "https://docs.github.com/apps"}
