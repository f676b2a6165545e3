"""What the web process and the worker have in common: settings in use, database, outside services, all jobs known."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from bountyhub import ports
from bountyhub import settings as settings_module
from bountyhub.bot.pauses import SharedPauses
from bountyhub.events import moved_time, outbox
from bountyhub.events.runner import ThreadRunner
from bountyhub.events.wakeup import WakeUp
from bountyhub.http.session import CurrentPerson, Sessions
from bountyhub.integrations.github.forge import GitHubForge
from bountyhub.integrations.mail import mailer_of
from bountyhub.integrations.stripe.gateway import make_gateway
from bountyhub.kit import clock, database, migrate, texts
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger.log import keys
from bountyhub.ledger.log.signing import BadKey
from bountyhub.people import operations as people
from bountyhub.people import queries as people_queries
from bountyhub.people.models import Person
from bountyhub.projects.queries import installation_of, owner_of
from bountyhub.settings import Settings, SettingsError

#: Importing these registers every job and webhook handler.
JOB_MODULES = (
    "events.jobs", "ledger.sums", "ledger.log.jobs", "ledger.jobs", "funding.jobs", "payouts.jobs", "work.jobs",
    "tasks.imports.jobs", "work.dispute_jobs", "notifications.jobs", "integrations.stripe.handlers",
    "integrations.stripe.jobs", "integrations.stripe.intents", "integrations.github.handlers",
    "bot.jobs",
)  # fmt: skip
LONGEST_SILENCE = timedelta(seconds=5)
LONGEST_LAG = timedelta(minutes=2)


def wire(settings: Settings) -> None:
    """Make this process ready to work with these settings; the database is at head already."""
    settings_module.use(settings)
    check_keys()
    check_texts()
    database.configure(settings.DATABASE_URL)
    moved_time.load()
    ports.use(
        gateway=make_gateway(settings),
        forge=GitHubForge(settings, _installation_of, _owner_of, SharedPauses()),
        mailer=mailer_of(settings),
    )
    register_jobs()
    if settings.REDIS_URL:
        outbox.on_commit(WakeUp(settings.REDIS_URL).push)


def wire_existing(settings: Settings) -> None:
    """`wire` for programs beside a running instance; raises SettingsError for a database they can't work with."""
    database.configure(settings.DATABASE_URL)
    try:
        check_database()
    except NotReady as not_ready:
        raise SettingsError(f"DATABASE_URL: {not_ready}. Run: bountyhub migrate") from None
    except SQLAlchemyError as error:
        raise SettingsError(f"DATABASE_URL: can't be used: {_first_line(error)}") from error
    wire(settings)


def _first_line(error: SQLAlchemyError) -> str:
    return str(error).strip().partition("\n")[0]


def check_keys() -> None:
    """The keys of the ledger's log can be read; raises SettingsError."""
    try:
        keys.believed()
    except BadKey as error:
        raise SettingsError(f"{error.message} {error.advice}") from None


def check_texts() -> None:
    """Terms and privacy notice can be shown; raises SettingsError."""
    try:
        for name in texts.NAMES:
            texts.legal_text(name)
    except texts.BadText as error:
        raise SettingsError(f"LEGAL_DIR: {error}") from None


def register_jobs() -> None:
    """Fill the registry of jobs."""
    for name in JOB_MODULES:
        importlib.import_module(f"bountyhub.{name}")


def _installation_of(repository: int) -> int | None:
    with reading() as session:
        return installation_of(session, repository)


def _owner_of(repository: int) -> str:
    with reading() as session:
        return owner_of(session, repository)


def _open(person_id: int) -> str:
    with transaction() as session:
        return people.open_session(session, session.get_one(Person, person_id))


def _find(secret: str) -> CurrentPerson | None:
    with reading() as session:
        found = people_queries.person_of_session(session, secret, settings_module.current().OPERATORS)
    if found is None:
        return None
    person = found.person
    return CurrentPerson(person.id, person.name or person.email or "", person.email, found.since, found.is_operator)


def _close(secret: str) -> None:
    with transaction() as session:
        people.close_session(session, secret)


SESSIONS = Sessions(open=_open, find=_find, close=_close)


class NotReady(Exception):
    """A check of `/readyz` that failed; its text says what."""


def check_database() -> None:
    """The database answers and is at the newest schema."""
    if migrate.current(database.engine()) != migrate.head():
        raise NotReady("the database is not at the newest schema")


def check_runner(runner: ThreadRunner) -> None:
    """The embedded runner looked for work lately."""
    if runner.seconds_since_beat() > LONGEST_SILENCE.total_seconds():
        raise NotReady("the outbox runner is silent")


def check_outbox() -> None:
    """Somebody takes the jobs: no due one has waited long (the workers are other processes)."""
    with reading() as session:
        if outbox.has_due(session, since=clock.real_now() - LONGEST_LAG):
            raise NotReady("jobs wait: neither bountyhub serve nor python -m worker takes them")


def outside_checks(settings: Settings) -> dict[str, Callable[[], None]]:
    """Do the three outside services answer?"""

    def payments() -> None:
        ports.gateway().balance(settings.CURRENCIES[0])

    def forge() -> None:
        ports.forge().check()

    return {"payments": payments, "forge": forge, "mail": ports.mailer().check}
