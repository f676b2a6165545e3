"""Which of the App's installations may read and write a repository; used by `forge.py`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from github.Requester import Requester

from bountyhub.integrations.github.client import Api, Clients, Json, by_name
from bountyhub.integrations.github.failures import NotInstalled
from bountyhub.kit import clock
from bountyhub.ports.errors import OutsideGone, OutsideRefused

#: How long the installation that reads public things for us is not looked for again.
REMEMBER = timedelta(minutes=10)


class Installations:
    """Finds the client for a repository; one without the App is read as the public sees it."""

    def __init__(self, clients: Clients, api: Api, installation_of: Callable[[int], int | None]) -> None:
        self._clients, self._api, self._installation_of = clients, api, installation_of
        self._lock = threading.Lock()
        self._reader: tuple[datetime, int | None] | None = None

    def for_repository(self, repository: int) -> Requester:
        """The client for a repository known by id."""
        return self.reader(self._installation_of(repository))

    def writer(self, repository: int) -> Requester:
        """The same, for writing: raises NotInstalled where the App isn't; another installation's token won't do."""
        installation = self._installation_of(repository)
        if installation is None:
            raise NotInstalled(f"the App isn't on repository {repository}", "not_installed")
        return self._clients.installation(installation)

    def reader(self, installation: int | None) -> Requester:
        """The client of an installation, or one for what everybody may see."""
        installation = self._any_installation() if installation is None else installation
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

    def app(self) -> Json:
        """The App itself."""
        return self._api.get_object(self._clients.app, "/app")

    def _any_installation(self) -> int | None:
        """Nameless requests are limited to 60 an hour; any installation's token may read what is public too."""
        with self._lock:
            if self._reader is None or self._reader[0] < clock.real_now():
                self._reader = (clock.real_now() + REMEMBER, self._first_working())
            return self._reader[1]

    def _first_working(self) -> int | None:
        try:
            found = self._api.get_list(self._clients.app, "/app/installations", pages=1)
        except OutsideRefused:
            return None
        return next((int(item["id"]) for item in found if not item["suspended_at"]), None)
