"""Calls to GitHub's API through PyGithub: as the App, as one of its installations, or as anybody.

Used by `forge.py` only. Clients are kept, so that connections and installation tokens are used again; PyGithub's own
retries and pauses are off, because repeating and waiting is the outbox's work.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Any
from urllib.parse import quote

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from github import Auth, Github
from github.InstallationAuthorization import InstallationAuthorization
from github.Requester import Requester

from bountyhub.bot.pauses import Pauses, PausesHere
from bountyhub.integrations.github.failures import FORGE, Limited, retry_at, translating
from bountyhub.kit import faults
from bountyhub.ports.errors import NotInstalled, OutsideGone, OutsideRefused, OutsideUnavailable, RetryAt

API_VERSION = "2022-11-28"
TIMEOUT_SECONDS = 10
PAGE = 100
#: An id or a commit, which would make a new name of each request.
_NUMBER = re.compile(r"\b(\d+|[0-9a-f]{40})\b")
_NEXT = re.compile(r'<([^>]*)>; *rel="next"')
APP, CORE, GRAPHQL = "app", "core", "graphql"
Json = dict[str, Any]


class _InstallationAuth(Auth.AppInstallationAuth):
    """Fetches its token between two points of crash tests, and in no pause of the App's."""

    def __init__(self, app: Auth.AppAuth, id: int, pauses: Pauses) -> None:
        super().__init__(app, id)
        self._pauses = pauses

    def _get_installation_authorization(self) -> InstallationAuthorization:
        with _asking(self._pauses, APP, CORE, "installation token"), faults.call("POST/access_tokens"):
            return super()._get_installation_authorization()


@contextmanager
def _asking(pauses: Pauses, whose: str, part: str, what: str) -> Iterator[None]:
    """Ask only while nobody was told to wait; a limit that is met now holds back whoever asks next."""
    until = pauses.until(whose, f"{whose}:{part}")
    if until is not None:
        raise RetryAt(f"{what}: GitHub asked us to wait until {until:%H:%M:%S} UTC", until, FORGE)
    try:
        with translating(what):
            yield
    except Limited as limit:
        pauses.hold(f"{whose}:{limit.part}" if limit.part else whose, limit.at)
        raise


@cache
def _key(pem: str) -> RSAPrivateKey:
    """Read once: that takes longer than the rest of a call."""
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return key


class Clients:
    """One PyGithub client for each way to be known to GitHub; safe to use from many threads."""

    def __init__(self, api_url: str, app_id: str, private_key: str, pauses: Pauses | None = None) -> None:
        self._url, self.pauses = api_url, pauses or PausesHere()
        self._auth = Auth.AppAuth(app_id, sign_func=lambda payload: jwt.encode(payload, _key(private_key), "RS256"))
        self._lock = threading.Lock()
        self._installations: dict[int, Requester] = {}
        self.app = self._client(self._auth)
        self.anybody = self._client(None)

    def installation(self, id: int) -> Requester:
        """Acts with the installation's token, which it fetches and renews itself."""
        with self._lock:
            if id not in self._installations:
                self._installations[id] = self._client(_InstallationAuth(self._auth, id, self.pauses))
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

    def get(self, by: Requester, path: str, /, **parameters: Any) -> Any:
        """The JSON at a path."""
        return self._request(by, "GET", path, parameters, None)

    def date(self, by: Requester, path: str) -> str:
        """GitHub's time as the answer's header names it."""
        with translating(f"GET {path}"):
            return str(by.requestJsonAndCheck("GET", path)[0]["date"])

    def get_if_changed(self, by: Requester, path: str, etag: str, **parameters: Any) -> tuple[Any, str]:
        """The JSON at a path and its ETag; None and the same one where what it stands for didn't change."""
        known = {"If-None-Match": etag} if etag else {}
        headers, found = self._exchange(by, "GET", path, parameters, None, known=known)
        if found is None and not etag:
            raise OutsideUnavailable(f"GET {path}: nothing")
        return found, str(headers.get("etag", "")) if found is not None else etag

    def get_page(self, by: Requester, path: str, **parameters: Any) -> tuple[list[Json], str]:
        """One page of a list, and the address of the next one, "" where it is the last."""
        headers, found = self._exchange(by, "GET", path, parameters, None)
        if not isinstance(found, list):
            raise OutsideUnavailable(f"GET {path}: no list")
        following = _NEXT.search(str(headers.get("link", "")))
        return found, following[1] if following else ""

    def ask_for(self, by: Requester, path: str, *, name: str) -> None:
        """Ask for something that is done later; nothing comes back."""
        self._request(by, "POST", path, {}, None, name)

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
        answer = self._request(by, verb, path, {}, body, name)
        if not isinstance(answer, list):
            _refuse_moved(answer, f"{verb} {path}")
            raise OutsideUnavailable(f"{verb} {path}: no list")

    def graphql(self, by: Requester, query: str, variables: Json) -> Json:
        """The `data` of a query."""
        self._get_token(by)
        with self._asking(by, GRAPHQL, "POST graphql"), faults.call("POST/graphql"):
            _, answer = by.graphql_query(query, variables)
        data = answer.get("data")
        if not isinstance(data, dict):
            raise OutsideUnavailable("POST graphql: no data")
        return data

    def _request(self, by: Requester, verb: str, path: str, parameters: Json, body: Json | None, name: str = "") -> Any:
        return self._exchange(by, verb, path, parameters, body, name)[1]

    def _exchange(
        self, by: Requester, verb: str, path: str, parameters: Json, body: Json | None, name: str = "",
        known: dict[str, str] | None = None,
    ) -> tuple[Json, Any]:  # fmt: skip
        """An answer's headers (lower case) and its JSON, None for an empty one."""
        self._get_token(by)
        point = name or verb + _NUMBER.sub("N", path)
        try:
            with self._asking(by, CORE, f"{verb} {path}"), faults.call(point):
                headers, data = by.requestJsonAndCheck(verb, path, parameters=parameters, headers=known, input=body)
        except OutsideRefused as refusal:
            if refusal.code == "401" and self._clients.forget(by):
                raise OutsideUnavailable(f"{refusal}: the next attempt asks for a new token") from refusal
            raise
        if headers.get("x-ratelimit-remaining") == "0":  # the last one there was: the next would be refused
            self._clients.pauses.hold(f"{_whose(by)}:{CORE}", retry_at(headers))
        return headers, data

    def _asking(self, by: Requester, part: str, what: str) -> AbstractContextManager[None]:
        return _asking(self._clients.pauses, _whose(by), part, what)

    def _get_token(self, by: Requester) -> None:
        """Have a token before the request, so that its refusal isn't taken for the request's."""
        if not isinstance(by.auth, Auth.AppInstallationAuth):
            return
        try:
            _ = by.auth.token
        except (OutsideGone, OutsideRefused) as refusal:
            self._clients.forget(by)
            raise NotInstalled(f"the App isn't installed here any more ({refusal})", "not_installed") from refusal


def _whose(by: Requester) -> str:
    """In whose name a client asks: each has limits of its own."""
    if isinstance(by.auth, Auth.AppInstallationAuth):
        return f"installation:{by.auth.installation_id}"
    return "anybody" if by.auth is None else APP


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
    _refuse_moved(answer, what)
    raise OutsideUnavailable(f"{what}: not the object asked for")


def _refuse_moved(answer: Any, what: str) -> None:
    if isinstance(answer, dict) and "url" in answer and "message" in answer:
        raise OutsideGone(f"{what}: moved")
