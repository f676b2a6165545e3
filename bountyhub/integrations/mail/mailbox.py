"""Mail into the sandbox's mailbox over HTTP, where people and tests read it in the browser."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from bountyhub.kit import faults
from bountyhub.ports.errors import OutsideRefused, OutsideUnavailable
from bountyhub.ports.mailer import Mail
from bountyhub.settings import is_loopback

TIMEOUT = (3.0, 10.0)


class MailboxMailer:
    """Posts each mail as JSON; the mailbox knows a repeated message id."""

    def __init__(self, url: str) -> None:
        self._url = url
        # A proxy named in the environment can't reach the sandbox on this machine.
        self._proxies = {"http": "", "https": ""} if is_loopback(url) else None

    def send(self, mail: Mail) -> None:
        """Put one mail into the box; raises OutsideUnavailable or OutsideRefused."""
        body = {"message_id": mail.message_id, "to": mail.to, "subject": mail.subject, "text": mail.text}
        with faults.call("mail.send"):
            self._ask("POST", self._url, body)

    def check(self) -> None:
        """Reach the mailbox's server; raises OutsideError."""
        parts = urlsplit(self._url)
        self._ask("GET", f"{parts.scheme}://{parts.netloc}/healthz", None)

    def _ask(self, method: str, url: str, body: dict[str, str] | None) -> None:
        try:
            status = requests.request(method, url, json=body, timeout=TIMEOUT, proxies=self._proxies).status_code
        except requests.RequestException as error:
            raise OutsideUnavailable(f"mailbox: {type(error).__name__}") from None
        if status >= 500 or status == 429:
            raise OutsideUnavailable(f"mailbox: HTTP {status}")
        if status >= 400:
            raise OutsideRefused(f"mailbox: HTTP {status}", str(status))
