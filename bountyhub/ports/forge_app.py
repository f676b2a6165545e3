"""The forge as people see it and the App there as the operator does; part of `ports.forge.Forge`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class ForgeSite:
    """A forge as people see it. Addresses have no slash at their end."""

    #: Under which its people and repositories are kept, such as `github`.
    key: str
    #: As sentences say it.
    name: str
    web_url: str
    #: Where a maintainer chooses the repositories that the App may see.
    install_url: str
    #: An installation's page is below it, by its number.
    installations_url: str


@dataclass(frozen=True)
class ForgeFinding:
    """One thing that was looked at, whether it is well, and what to do where it isn't."""

    name: str
    well: bool
    text: str


@dataclass(frozen=True)
class NewApp:
    """An App that the forge has just made for us, with everything it tells only once."""

    id: int
    slug: str
    client_id: str
    private_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    client_secret: str = field(repr=False)


class AppForge(Protocol):
    """What a forge answers about the App itself. Every method may raise the errors of `ports.errors`."""

    @property
    def site(self) -> ForgeSite:
        """Known without asking."""

    def create_app(self, code: str) -> NewApp:
        """The keys of the App that was made from our manifest; each code is good for once, within an hour."""

    def findings(self) -> list[ForgeFinding]:
        """How the App is at the forge, thing by thing; raises nothing for what can't be asked."""

    def verify_webhook(self, body: bytes, signature: str) -> None:
        """Check the signature in constant time; raises OutsideRefused."""

    def check(self) -> str:
        """Reach the forge as the App; its slug. Raises OutsideError."""
