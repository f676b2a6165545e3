"""`bountyhub doctor`: every check in plain words, and what to do about each fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

import click
from sqlalchemy.exc import SQLAlchemyError

from bountyhub import ports, wiring
from bountyhub.cli.doctor_forge import asked_to_wait, lost_deliveries
from bountyhub.cli.doctor_legal import LEGAL
from bountyhub.cli.local import settings_here
from bountyhub.events import alarms
from bountyhub.integrations.stripe.endpoints import Endpoints, faults
from bountyhub.integrations.stripe.reconciliation import compare
from bountyhub.kit.database import reading
from bountyhub.kit.money import Money, plain
from bountyhub.kit.texts import BadText
from bountyhub.ledger import grants
from bountyhub.ledger import queries as ledger
from bountyhub.ledger.whole import verify_whole
from bountyhub.ports.errors import OutsideError, OutsideGone
from bountyhub.settings import Settings, SettingsError

#: Whether it is well, and what to say of it.
Answer = tuple[bool, str]
Check = Callable[[Settings], Answer]


@dataclass(frozen=True)
class Finding:
    """One check: what was looked at, whether it is well, and what to do."""

    name: str
    well: bool
    text: str


def run(*, as_json: bool, production: bool) -> int:
    """Print every finding; 0 when all is well."""
    findings = _findings(settings_here(), production=production)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            click.echo(f"{'✓' if finding.well else '✗'} {finding.name}: {finding.text}")
    return 0 if all(finding.well for finding in findings) else 1


def _findings(here: Settings, *, production: bool) -> list[Finding]:
    try:
        wiring.wire_existing(here)
    except SettingsError as error:  # nothing else can be looked at
        return [Finding("database", False, str(error))]
    checks: dict[str, Check] = {
        "database": _database, "jobs": _jobs, "payments": _payments, "forge": _forge, "mail": _mail, "books": _books,
        "alarms": _alarms,
    }  # fmt: skip
    checks |= {f"balance {currency}": _balance(currency) for currency in here.CURRENCIES}
    checks |= {f"own funds {currency}": _own_funds(currency) for currency in here.CURRENCIES}
    if here.CHARITIES:
        checks["charities"] = _charities
    if production:
        checks |= {
            "address": _https,
            "real services": _no_play,
            "signing key": _own_key,
            "database roles": _two_roles,
            "webhooks": _webhooks,
        } | LEGAL
    found = [Finding(name, *_answer(check, here)) for name, check in checks.items()]
    forge = next(place for place, finding in enumerate(found) if finding.name == "forge") + 1
    return [*found[:forge], *_of_forge(here), *found[forge:]]


def _of_forge(here: Settings) -> list[Finding]:
    """What the forge's own examination finds: permissions, events, webhooks, clock, limits."""
    if not int(here.GITHUB_APP_ID):
        return []
    found = [Finding(one.name, one.well, one.text) for one in ports.forge().findings()]
    told = {"lost deliveries": lost_deliveries(), "forge asks to wait": asked_to_wait()}
    return [*found, *(Finding(name, *answer) for name, answer in told.items())]


def _answer(check: Check, here: Settings) -> Answer:
    try:
        return check(here)
    except (wiring.NotReady, OutsideError, SQLAlchemyError, BadText) as error:
        return False, f"{type(error).__name__}: {error}"


def _database(_here: Settings) -> Answer:
    wiring.check_database()
    return True, "answers, at the newest schema"


def _jobs(_here: Settings) -> Answer:
    wiring.check_outbox()
    return True, "none waits long"


def _payments(here: Settings) -> Answer:
    ports.gateway().balance(here.CURRENCIES[0])
    return True, f"{here.STRIPE_API_BASE} answers"


def _charities(here: Settings) -> Answer:
    """Each one's account can receive money, or nobody can send anything on to it."""
    faults = []
    for name, id in sorted(here.CHARITIES.items()):
        try:
            if not ports.gateway().read_account(id).can_receive:
                faults.append(f"{name}: {id} can't receive money now")
        except OutsideGone:
            faults.append(f"{name}: there is no account {id} of this platform; mend CHARITIES")
    return not faults, "; ".join(faults) or "all can receive money"


def _forge(here: Settings) -> Answer:
    if not int(here.GITHUB_APP_ID):
        how = f"run bountyhub operator-link YOUR@ADDRESS, open the link, then {here.PUBLIC_URL}/operator/github"
        return False, f"there is no App yet: {how}"
    return True, f"{here.GITHUB_API_URL} knows the App as {ports.forge().check()}"


def _mail(_here: Settings) -> Answer:
    ports.mailer().check()
    return True, "the mail service answers"


def _books(_here: Settings) -> Answer:
    report = verify_whole()
    return report.sound, "sound" if report.sound else f"{len(report.problems)} problems: run bountyhub ledger verify"


def _alarms(_here: Settings) -> Answer:
    with reading() as session:
        texts = [alarm.text for alarm in alarms.open_alarms(session)]
    return not texts, "; ".join(texts) or "none"


def _balance(currency: str) -> Check:
    def check(_here: Settings) -> Answer:
        theirs, ours = compare(currency)
        same = theirs == ours
        return same, plain(ours) if same else f"the processor has {plain(theirs)}, the books say {plain(ours)}"

    return check


def _own_funds(currency: str) -> Check:
    def check(_here: Settings) -> Answer:
        with reading() as session:
            own = Money(ledger.own_funds(session, currency), currency)
        none = "none: top up the processor's balance, or nobody can fund a task"
        return own.amount > 0, plain(own) if own.amount > 0 else none

    return check


def _https(here: Settings) -> Answer:
    well = here.PUBLIC_URL.startswith("https://")
    return well, here.PUBLIC_URL if well else "PUBLIC_URL must begin with https://"


def _two_roles(_here: Settings) -> Answer:
    """Triggers guard the books: the application must not be able to switch them off."""
    with reading() as session:
        if session.get_bind().dialect.name != "postgresql":
            return False, "SQLite has none: use PostgreSQL, set up as docs/operating-postgresql.md says"
        found = grants.excess(session)
    told = ", ".join(found[:5]) + (", …" if len(found) > 5 else "")
    how = "Name the owner in DATABASE_OWNER_URL, a role that owns nothing in DATABASE_URL, and run: bountyhub migrate"
    return not found, f"the application's role {told}. {how}" if found else "the application's role owns nothing"


def _webhooks(here: Settings) -> Answer:
    endpoints = Endpoints(here)
    found = faults(endpoints.ours())
    return not found, "; ".join(found) or f"{endpoints.url} hears everything that is handled here"


def _no_play(here: Settings) -> Answer:
    return not here.is_sandboxed, "these are sandboxes" if here.is_sandboxed else "all real"


def _own_key(here: Settings) -> Answer:
    if not here.LEDGER_SIGNING_KEY.get_secret_value():
        return False, "set LEDGER_SIGNING_KEY, e.g. from: openssl rand -base64 32 (now it hangs on SECRET_KEY)"
    return True, "the log of the books has its own"
