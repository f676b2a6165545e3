"""Which of the App's installations may read and write a repository; used by `forge.py`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from github.Requester import Requester

from bountyhub.integrations.github.client import Api, Clients, Json, by_name
from bountyhub.kit import clock
from bountyhub.ports.errors import NotInstalled, OutsideGone, OutsideRefused

#: How long the installation that reads public things for us is not looked for again.
REMEMBER = timedelta(minutes=10)


class Installations:
    """Finds the client for a repository; one without the App is read as the public sees it.

    `installation_of` and `owner_of` tell what we know of a repository: None and "" where that is nothing.
    """

    def __init__(
        self, clients: Clients, api: Api, installation_of: Callable[[int], int | None], owner_of: Callable[[int], str]
    ) -> None:
        self._clients, self._api = clients, api
        self._installation_of, self._owner_of = installation_of, owner_of
        self._lock = threading.Lock()
        self._working: tuple[datetime, list[tuple[int, str]]] | None = None

    def for_repository(self, repository: int) -> Requester:
        """The client for a repository known by id."""
        return self.reader(self._installation_of(repository), self._owner_of(repository))

    def is_on(self, repository: int) -> bool:
        """Whether the App is on a repository, as far as we know."""
        return self._installation_of(repository) is not None

    def writer(self, repository: int) -> Requester:
        """The same, for writing: raises NotInstalled where the App isn't; another installation's token won't do."""
        installation = self._installation_of(repository)
        if installation is None:
            raise NotInstalled(f"the App isn't on repository {repository}", "not_installed")
        return self._clients.installation(installation)

    def reader(self, installation: int | None, owner: str = "") -> Requester:
        """The client of an installation, or one for what everybody may see.

        That is never the installation of `owner`: it might see more of what it lost than the public does.
        """
        installation = self._any_installation(owner) if installation is None else installation
        return self._clients.anybody if installation is None else self._clients.installation(installation)

    def of_name(self, full_name: str) -> int | None:
        """The working installation on a repository, asked for as the App."""
        try:
            found = self._api.get_object(self._clients.app, f"{by_name(full_name)}/installation")
        except OutsideGone:
            return None
        return None if found["suspended_at"] else int(found["id"])

    def read(self, installation: int) -> Json:
        """An installation as it stands."""
        return self._api.get_object(self._clients.app, f"/app/installations/{installation}")

    def ids(self) -> list[int]:
        """Every installation of the App."""
        return [int(item["id"]) for item in self._api.get_list(self._clients.app, "/app/installations", pages=50)]

    def app(self) -> Json:
        """The App itself."""
        return self._api.get_object(self._clients.app, "/app")

    def _any_installation(self, owner: str) -> int | None:
        """Nameless requests are limited to 60 an hour; any installation's token may read what is public too."""
        with self._lock:
            if self._working is None or self._working[0] < clock.real_now():
                self._working = (clock.real_now() + REMEMBER, self._find_working())
            return next((id for id, account in self._working[1] if account != owner.lower()), None)

    def _find_working(self) -> list[tuple[int, str]]:
        """Their ids, with the names of the accounts they are on."""
        try:
            found = self._api.get_list(self._clients.app, "/app/installations", pages=1)
        except OutsideRefused:
            return []
        return [(int(item["id"]), _account(item)) for item in found if not item["suspended_at"]]


def _account(installation: Json) -> str:
    account = installation["account"] or {}
    return str(account.get("login") or account.get("slug") or "").lower()
