"""What the contract needs of a forge to try: people who do things there, and the `Forge` that is to see them.

Whoever writes a second forge implements this over a stand-in or a test instance of it; `contract_forge` does the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bountyhub.ports.forge import Forge

#: Who takes part: ana owns the repositories, eve maintains, bo triages, dara and cleo are strangers.
OWNER, MAINTAINER, TRIAGER, STRANGER, BACKER = "ana", "eve", "bo", "dara", "cleo"


@dataclass(frozen=True)
class Home:
    """A repository: public, fresh, owned by ana, covered by the App; `id` is the forge's number of it."""

    id: int
    owner: str
    name: str


class ForgePlace(Protocol):
    """Each method does one thing at the forge, at once; `by` and the like are logins of the people above."""

    @property
    def forge(self) -> Forge: ...

    def new_home(self) -> Home: ...

    def person(self, login: str) -> int:
        """Somebody's number at the forge."""

    def rename(self, home: Home, name: str) -> None: ...

    def hide(self, home: Home) -> None:
        """Make the repository private."""

    def archive(self, home: Home) -> None: ...

    def open_issue(self, home: Home, title: str, body: str = "") -> int:
        """By dara; its number."""

    def close(self, home: Home, number: int) -> None: ...

    def lock(self, home: Home, number: int) -> None:
        """Only people with write access may comment any more."""

    def open_pull(
        self,
        home: Home,
        body: str = "",
        *,
        by: str = TRIAGER,
        base: str = "",
        draft: bool = False,
        commits: tuple[str, ...] = ("Mend it",),
        co_author: str = "",
    ) -> int:
        """A pull request from a branch of its own; its number. `co_author` stands in the trailers of its commits."""

    def merge(self, home: Home, number: int, *, by: str = OWNER, squash: bool = False) -> None: ...

    def approve(self, home: Home, number: int, *, by: str) -> None: ...

    def push(self, home: Home, message: str) -> str:
        """A commit by ana straight on the default branch; its hash."""

    def push_to_pull(self, home: Home, number: int) -> None:
        """Another commit by its author."""

    def comment(self, home: Home, number: int, body: str, *, by: str = STRANGER) -> int: ...

    def edit_comment(self, home: Home, comment: int, body: str) -> None: ...

    def delete_comment(self, home: Home, comment: int) -> None: ...

    def minimise(self, home: Home, comment: int) -> None: ...

    def reactions(self, home: Home, comment: int) -> list[str]:
        """Kinds of reactions that a comment carries, one for each."""

    def installation(self) -> int:
        """The number of the App's installation at ana's."""

    def suspend(self) -> None: ...

    def unsuspend(self) -> None: ...

    def uninstall(self) -> None:
        """The App is gone from ana's for good; nothing of this place is asked for afterwards."""

    def signature(self, body: bytes) -> str:
        """What the forge says beside a webhook with this body."""
