"""Calls to GitHub's API through PyGithub: as the App, as one of its installations, or as anybody.

Used by `forge.py` only. Clients are kept, so that connections and installation tokens are used again; PyGithub's own
retries and pauses are off, because repeating and waiting is the outbox's work.
"""

from __future__ import annotations

import re
import threading
from functools import cache
from typing import Any
from urllib.parse import quote

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from github import Auth, Github
from github.InstallationAuthorization import InstallationAuthorization
from github.Requester import Requester

from bountyhub.integrations.github.failures import NotInstalled, translating
from bountyhub.kit import faults
from bountyhub.ports.errors import OutsideGone, OutsideRefused, OutsideUnavailable

API_VERSION = "2022-11-28"
TIMEOUT_SECONDS = 10
PAGE = 100
#: An id or a commit, which would make a new name of each request.
_NUMBER = re.compile(r"\b(\d+|[0-9a-f]{40})\b")
Json = dict[str, Any]


class _InstallationAuth(Auth.AppInstallationAuth):
    """Fetches its token between two points of crash tests."""

    def _get_installation_authorization(self) -> InstallationAuthorization:
        with faults.call("POST/access_tokens"):
            return super()._get_installation_authorization()


@cache
def _key(pem: str) -> RSAPrivateKey:
    """Read once: that takes longer than the rest of a call."""
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return key


class Clients:
    """One PyGithub client for each way to be known to GitHub; safe to use from many threads."""

    def __init__(self, api_url: str, app_id: str, private_key: str) -> None:
        self._url = api_url
        self._auth = Auth.AppAuth(app_id, sign_func=lambda payload: jwt.encode(payload, _key(private_key), "RS256"))
        self._lock = threading.Lock()
        self._installations: dict[int, Requester] = {}
        self.app = self._client(self._auth)
        self.anybody = self._client(None)

    def installation(self, id: int) -> Requester:
        """Acts with the installation's token, which it fetches and renews itself."""
        with self._lock:
            if id not in self._installations:
                self._installations[id] = self._client(_InstallationAuth(self._auth, id))
            return self._installations[id]

    def forget(self, requester: Requester) -> bool:
        """Drop an installation's client because its token was refused; False when it is none."""
        with self._lock:
            found = [id for id, kept in self._installations.items() if kept is requester]
            for id in found:
                del self._installations[id]
            return bool(found)

    def _client(self, auth: Auth.Auth | None) -> Requester:
        return Github(
            auth=auth, base_url=self._url, timeout=TIMEOUT_SECONDS, user_agent="bountyhub", retry=None,
            pool_size=16, seconds_between_requests=None, seconds_between_writes=None, api_version=API_VERSION,
        ).requester  # fmt: skip


class Api:
    """Requests with errors of `ports.errors`; each passes a point of crash tests before and after it."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def get(self, by: Requester, path: str, **parameters: Any) -> Any:
        """The JSON at a path."""
        return self._request(by, "GET", path, parameters, None)

    def date(self, by: Requester, path: str) -> str:
        """GitHub's time as the answer's header names it."""
        with translating(f"GET {path}"):
            return str(by.requestJsonAndCheck("GET", path)[0]["date"])

    def get_object(self, by: Requester, path: str) -> Json:
        """A JSON object that has an id: anything else (a proxy's page, a redirect's body) is no answer."""
        return _with_id(self.get(by, path), f"GET {path}")

    def get_list(
        self, by: Requester, path: str, *, pages: int = 10, within: str = "", parameters: Json | None = None
    ) -> list[Json]:
        """All items of a paged list up to `pages` × 100; `within` names the key where the list is wrapped."""
        items: list[Json] = []
        for page in range(1, pages + 1):
            answer = self.get(by, path, per_page=PAGE, page=page, **(parameters or {}))
            found = answer.get(within) if within and isinstance(answer, dict) else answer
            if not isinstance(found, list):
                raise OutsideUnavailable(f"GET {path}: no list")
            items += found
            if len(found) < PAGE:
                break
        return items

    def write(self, by: Requester, verb: str, path: str, body: Json, *, name: str) -> Json:
        """Create or change something; what comes back really exists."""
        return _with_id(self._request(by, verb, path, {}, body, name), f"{verb} {path}")

    def change_list(self, by: Requester, verb: str, path: str, body: Json | None, *, name: str) -> None:
        """Add to a list or take from it; the list as it is then comes back."""
        if not isinstance(self._request(by, verb, path, {}, body, name), list):
            raise OutsideUnavailable(f"{verb} {path}: no list")

    def graphql(self, by: Requester, query: str, variables: Json) -> Json:
        """The `data` of a query."""
        self._get_token(by)
        with translating("POST graphql"), faults.call("POST/graphql"):
            _, answer = by.graphql_query(query, variables)
        data = answer.get("data")
        if not isinstance(data, dict):
            raise OutsideUnavailable("POST graphql: no data")
        return data

    def _request(self, by: Requester, verb: str, path: str, parameters: Json, body: Json | None, name: str = "") -> Any:
        self._get_token(by)
        try:
            with translating(f"{verb} {path}"), faults.call(name or verb + _NUMBER.sub("N", path)):
                return by.requestJsonAndCheck(verb, path, parameters=parameters, input=body)[1]
        except OutsideRefused as refusal:
            if refusal.code == "401" and self._clients.forget(by):
                raise OutsideUnavailable(f"{refusal}: the next attempt asks for a new token") from refusal
            raise

    def _get_token(self, by: Requester) -> None:
        """Have a token before the request, so that its refusal isn't taken for the request's."""
        if not isinstance(by.auth, Auth.AppInstallationAuth):
            return
        try:
            with translating("installation token"):
                _ = by.auth.token
        except (OutsideGone, OutsideRefused) as refusal:
            self._clients.forget(by)
            raise NotInstalled(f"the App isn't installed here any more ({refusal})", "not_installed") from refusal


def by_name(full_name: str) -> str:
    """The path of a repository known only by its name; raises OutsideGone for what can't be one."""
    parts = full_name.split("/")
    if len(parts) != 2 or not all(part.strip(".") for part in parts):
        raise OutsideGone(f"{full_name!r} is no repository's name")
    return "/repos/" + "/".join(quote(part, safe="") for part in parts)


def _with_id(answer: Any, what: str) -> Json:
    # A redirected POST (307) comes back as success with the redirect's own body: nothing was created.
    if isinstance(answer, dict) and type(answer.get("id")) is int:
        return answer
    if isinstance(answer, dict) and "url" in answer and "message" in answer:
        raise OutsideGone(f"{what}: moved")
    raise OutsideUnavailable(f"{what}: not the object asked for")
