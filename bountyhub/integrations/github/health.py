"""How the App is at GitHub: permissions, events, webhooks, clock, rate limit; each fault with the page to click on.

Read by `bountyhub doctor` through `forge.findings()`. Nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bountyhub.integrations.github import needs
from bountyhub.integrations.github.client import Api, Clients, Json
from bountyhub.kit import clock
from bountyhub.ports.errors import OutsideError, OutsideGone
from bountyhub.ports.forge_app import ForgeFinding
from bountyhub.settings import Settings

#: GitHub refuses a token that was made a minute in its future.
MOST_AHEAD, MOST_BEHIND = timedelta(seconds=45), timedelta(minutes=5)
#: Below this part of the hour's calls it gets tight.
TIGHT = 10
LAST = 20
Answer = tuple[bool, str]


def findings(api: Api, clients: Clients, ours: Settings) -> list[ForgeFinding]:
    """Everything that can be looked at; what can't be asked is a fault of its own."""
    return _Examination(api, clients, ours).all()


class _Examination:
    def __init__(self, api: Api, clients: Clients, ours: Settings) -> None:
        self._api, self._clients, self._ours = api, clients, ours

    def all(self) -> list[ForgeFinding]:
        checks: dict[str, Callable[[], Answer]] = {
            "forge clock": self._clock, "forge permissions": self._permissions, "forge events": self._events,
            "forge installations": self._installations, "forge webhook": self._webhook,
            "forge deliveries": self._deliveries, "forge rate limit": self._rate_limit,
        }  # fmt: skip
        return [ForgeFinding(name, *_answer(check)) for name, check in checks.items()]

    def _clock(self) -> Answer:
        """Asked as nobody: with a wrong clock GitHub refuses everything that is signed."""
        try:
            named = self._api.date(self._clients.anybody, "/rate_limit")
        except OutsideGone:
            return True, "this GitHub tells no limits, and so not its time"
        ahead = clock.real_now() - parsedate_to_datetime(named).astimezone(UTC)
        seconds = round(abs(ahead.total_seconds()))
        if -MOST_BEHIND < ahead < MOST_AHEAD:
            return True, f"{seconds} seconds from GitHub’s"
        where = "ahead of" if ahead > timedelta(0) else "behind"
        return False, f"{seconds} seconds {where} GitHub’s: let NTP set this machine’s clock (timedatectl set-ntp true)"

    def _permissions(self) -> Answer:
        app = self._app()
        lacking = needs.missing(app.get("permissions") or {})
        if not lacking:
            return True, "all that is needed"
        named = "; ".join(f"{one} ({needs.REASONS[one.partition(':')[0]]})" for one in lacking)
        return False, f"the App doesn’t ask for {named}. Add it: {self._page(app, 'permissions')}"

    def _events(self) -> Answer:
        app = self._app()
        lacking = needs.missing_events(app.get("events") or [])
        if not lacking:
            return True, "all that are needed"
        return False, f"the App isn’t told of {', '.join(lacking)}. Tick it: {self._page(app, 'permissions')}"

    def _installations(self) -> Answer:
        found = self._api.get_list(self._clients.app, "/app/installations", pages=50)
        lacking = [(one, needs.missing(one.get("permissions") or {})) for one in found]
        told = [
            f"{_account(one)} hasn’t accepted {', '.join(what)}: {one['html_url']}" for one, what in lacking if what
        ]
        return not told, "; ".join(told[:5]) or f"{len(found)}, each with all permissions"

    def _webhook(self) -> Answer:
        config = self._api.get(self._clients.app, "/app/hook/config")
        wanted = f"{self._ours.PUBLIC_URL}/webhooks/github"
        faults = [
            f"go to {config.get('url') or 'nowhere'} instead of {wanted}" if config.get("url") != wanted else "",
            "are no JSON" if config.get("content_type") != "json" else "",
            "have no secret" if not config.get("secret") else "",
            "don’t check the certificate" if str(config.get("insecure_ssl", "0")) == "1" else "",
        ]
        told = ", ".join(filter(None, faults))
        return not told, f"webhooks {told}. Change it: {self._page(self._app(), '')}" if told else f"go to {wanted}"

    def _deliveries(self) -> Answer:
        """The round trip: what GitHub says of the last ones it sent here."""
        found = self._api.get(self._clients.app, "/app/hook/deliveries", per_page=LAST)
        page = self._page(self._app(), "advanced")
        if not found:
            return True, f"none in three days: install the App somewhere, or look at {page}"
        last, failed = found[0], sum(not _was_taken(one) for one in found)
        answer = f"{last['status_code']} {last['status']}"
        told = f"the last, {_event(last)} at {last['delivered_at']}, was answered {answer}"
        if _was_taken(last):
            return True, f"{told}; {failed} of {len(found)} failed"
        return False, f"{told}. Is {self._ours.PUBLIC_URL} reached from outside? See {page}"

    def _rate_limit(self) -> Answer:
        first = next(iter(self._api.get_list(self._clients.app, "/app/installations", pages=1)), None)
        if first is None or first["suspended_at"]:
            return True, "counted for each installation, and there is none"
        try:
            core = self._api.get(self._clients.installation(int(first["id"])), "/rate_limit")["resources"]["core"]
        except OutsideGone:
            return True, "this GitHub has none"
        until = datetime.fromtimestamp(core["reset"], UTC)
        told = f"{core['remaining']} of {core['limit']} calls left until {until:%H:%M} UTC for {_account(first)}"
        return core["remaining"] * TIGHT >= core["limit"], told

    def _app(self) -> Json:
        return self._api.get_object(self._clients.app, "/app")

    def _page(self, app: Json, part: str) -> str:
        """The App's page where its owner can change it."""
        owner = app.get("owner") or {}
        whose = f"/organizations/{owner.get('login')}" if owner.get("type") == "Organization" else ""
        page = f"{self._ours.GITHUB_WEB_URL}{whose}/settings/apps/{app.get('slug')}"
        return f"{page}/{part}" if part else page


def _answer(check: Callable[[], Answer]) -> Answer:
    try:
        return check()
    except OutsideError as error:
        return False, f"{type(error).__name__}: {error}"


def _account(installation: Json) -> str:
    return str((installation["account"] or {}).get("login") or installation["id"])


def _was_taken(delivery: Json) -> bool:
    return 200 <= int(delivery["status_code"]) < 300


def _event(delivery: Json) -> str:
    return ".".join(filter(None, (delivery["event"], delivery.get("action"))))
