"""Who is asking and what they may: App JWTs, installation and user tokens, roles in a repository.

Used by `calls.py` for the API, by `web` for people who click and by actions that need a maintainer.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass
from functools import lru_cache

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bountyhub.sandbox.github.errors import GithubError, bad_credentials, not_found
from bountyhub.sandbox.github.world import BOT_LOGIN, World, covers
from bountyhub.sandbox.store import Doc

ROLES = ("none", "read", "triage", "write", "maintain", "admin")
# GitHub's older `permission` field knows fewer words than `role_name`.
OLD_NAMES = {"triage": "read", "maintain": "write"}
TOKEN_SECONDS = 3600
CLOCK_SKEW = 60


@dataclass(frozen=True)
class Actor:
    """`kind` is anonymous, app (JWT), installation or user; `person` acts and is named as sender."""

    kind: str
    person: Doc | None = None
    installation: Doc | None = None
    token: str = ""


ANONYMOUS = Actor("anonymous")


def role(repo: Doc, person: Doc | None) -> str:
    """The role somebody has: the owner is admin, anybody reads what is public."""
    if person is not None and person["id"] == repo["owner"]:
        return "admin"
    given = "none" if person is None else repo["roles"].get(str(person["id"]), "none")
    return "read" if given == "none" and not repo["private"] else str(given)


def at_least(repo: Doc, person: Doc | None, wanted: str) -> bool:
    return ROLES.index(role(repo, person)) >= ROLES.index(wanted)


def association(repo: Doc, person: int) -> str:
    """GitHub's `author_association`."""
    if person == repo["owner"]:
        return "OWNER"
    if str(person) in repo["roles"]:
        return "COLLABORATOR"
    return "CONTRIBUTOR" if person in repo["contributors"] else "NONE"


def can_see(actor: Actor, repo: Doc) -> bool:
    if not repo["private"]:
        return True
    if actor.kind == "installation" and actor.installation is not None:
        return covers(actor.installation, repo)
    return actor.kind == "user" and at_least(repo, actor.person, "read")


# ---------------------------------------------------------------- tokens


def authenticate(world: World, header: str | None) -> Actor:
    """The actor behind an `Authorization` header; raises 401 as GitHub does for a bad one."""
    if not header:
        return ANONYMOUS
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "basic":
        value = _basic_password(value)
    elif scheme.lower() not in ("bearer", "token"):
        raise bad_credentials()
    return _app(world, value) if value.count(".") == 2 else _token(world, value)


def _basic_password(value: str) -> str:
    try:
        return base64.b64decode(value).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError) as error:
        raise bad_credentials() from error


def _token(world: World, value: str) -> Actor:
    token = world.tx.get("gh_token", value)
    if token is None or token["expires"] <= world.real:
        raise bad_credentials()
    if token["kind"] == "user":
        person = world.person(token["person"])
        if person.get("deleted"):
            raise bad_credentials()
        return Actor("user", person=person, token=value)
    installation = world.installation(token["installation"])
    if installation is None:
        raise bad_credentials()
    if installation["suspended_at"] is not None:
        raise GithubError(403, "This installation has been suspended")
    return Actor("installation", world.named(BOT_LOGIN), installation, value)


def new_installation_token(world: World, installation: Doc) -> Doc:
    """A token for one hour of real time."""
    return _put_token(world, "ghs_", {"kind": "installation", "installation": installation["id"]}, TOKEN_SECONDS)


def new_user_token(world: World, person: Doc, scope: str) -> Doc:
    return _put_token(world, "gho_", {"kind": "user", "person": person["id"], "scope": scope}, 365 * 86_400)


def _put_token(world: World, prefix: str, fields: Doc, seconds: int) -> Doc:
    token = fields | {"token": prefix + secrets.token_hex(18), "expires": world.real + seconds}
    return world.tx.put("gh_token", str(token["token"]), token)


# ---------------------------------------------------------------- the App's JWT


def _app(world: World, token: str) -> Actor:
    if world.config is None:
        raise bad_credentials()
    try:
        claims = jwt.decode(
            token,
            public_key(world.config.github_app_private_key),
            algorithms=["RS256"],
            options={"require": ["exp", "iat", "iss"], "verify_aud": False, "verify_iat": False},
        )
    except jwt.PyJWTError as error:
        raise GithubError(401, "A JSON web token could not be decoded") from error
    _check_claims(claims, world)
    return Actor("app", token=token)


def _check_claims(claims: Doc, world: World) -> None:
    config = world.config
    if config is None or str(claims["iss"]) not in (str(config.github_app_id), config.github_client_id):
        raise GithubError(404, "Integration not found")
    if int(claims["iat"]) > world.real + CLOCK_SKEW:
        raise GithubError(401, "'Issued at' claim ('iat') must be an Integer representing a time in the past")
    if int(claims["exp"]) > world.real + 600 + CLOCK_SKEW:
        raise GithubError(401, "'Expiration time' claim ('exp') is too far in the future")


@lru_cache(maxsize=4)
def public_key(private_pem: str) -> RSAPublicKey:
    """Reading the key takes longer than a whole request, hence the cache."""
    key = load_pem_private_key(private_pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the App's key must be an RSA key")
    return key.public_key()


def require_app(actor: Actor) -> None:
    if actor.kind != "app":
        raise GithubError(401, "A JSON web token could not be decoded")


def require_installation(actor: Actor) -> Doc:
    if actor.installation is None:
        raise GithubError(403, "You must authenticate with an installation access token in order to list repositories")
    return actor.installation


def require_user(actor: Actor) -> Doc:
    if actor.kind == "installation":
        raise GithubError(403, "Resource not accessible by integration")
    if actor.person is None:
        raise GithubError(401, "Requires authentication")
    return actor.person


def require_visible(actor: Actor, repo: Doc) -> None:
    """Private repositories of others answer 404, never 403: their existence is private too."""
    if not can_see(actor, repo):
        raise not_found()
