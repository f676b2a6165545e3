"""The mailer inside the test's process: it keeps what it is given."""

from __future__ import annotations

from dataclasses import dataclass, field

from bountyhub.ports.mailer import Mail
from tests.builders.disputes import Failing


@dataclass
class PlayMailer(Failing):
    """Keeps what was sent."""

    sent: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        self._call("send", mail.to)
        self.sent.append(mail)

    def check(self) -> None:
        """Always there."""
