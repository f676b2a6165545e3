"""`bountyhub operator-link`: an operator signs in before there is any App."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bountyhub.kit.database import reading, transaction
from bountyhub.people.models import Identity
from bountyhub.people.operations import use_link
from bountyhub.people.queries import identity_ids
from tests.builders.world import World
from tests.cli.conftest import Command


@pytest.fixture(autouse=True)
def operators(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPERATORS", "583231,9919")


@pytest.mark.parametrize(("more", "number"), [((), 583231), (("--account", 9919), 9919)])
def test_it_signs_in_whoever_has_that_number(
    world: World, command: Command, more: tuple[object, ...], number: int
) -> None:
    result = command("operator-link", "olga@example.org", *more)
    assert (result.exit_code, "/sign-in/link/" in result.output) == (0, True)
    with transaction() as session:
        person = use_link(session, result.output.strip().rpartition("/")[2])
        assert identity_ids(session, person.id) != []
        found = session.scalars(select(Identity.forge_id).where(Identity.person_id == person.id)).all()
    assert found == [number]


def test_asked_for_twice_it_is_one_person(world: World, command: Command) -> None:
    for _ in range(2):
        assert command("operator-link", "olga@example.org").exit_code == 0
    with reading() as session:
        assert len(session.scalars(select(Identity).where(Identity.forge_id == 583231)).all()) == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [(("olga",), "not an e-mail"), (("olga@example.org", "--account", 5), "OPERATORS")],
)
def test_who_is_no_operator_gets_none(world: World, command: Command, given: tuple[object, ...], says: str) -> None:
    result = command("operator-link", *given)
    assert (result.exit_code, says in result.stderr) == (2, True)


def test_without_an_app_the_doctor_says_how_to_make_it(
    world: World, command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GITHUB_APP_ID", "none")
    told = command("doctor").output
    assert "✗ forge: there is no App yet: run bountyhub operator-link" in told
    assert "forge permissions" not in told
