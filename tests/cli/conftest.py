"""Commands run in this process, on an instance that the environment names; outside services answer from memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result
from pydantic import SecretStr

from bountyhub import ports
from bountyhub.cli import main
from bountyhub.events import outbox
from tests.builders.outside import Outside
from tests.builders.settings import play_settings
from tests.builders.world import World

Command = Callable[..., Result]


@pytest.fixture
def world(sqlite: str) -> World:
    """Ana's repository and task, on the database the commands use."""
    return World.begin(DATABASE_URL=sqlite)


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    """What the commands find outside instead of the real clients."""
    made = Outside()
    wire = ports.use
    monkeypatch.setattr(ports, "use", lambda **_: wire(gateway=made.gateway, forge=made.forge, mailer=made.mailer))
    return made


@pytest.fixture
def command(sqlite: str, outside: Outside, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Run `bountyhub …` as the operator of this instance."""
    for name, value in play_settings(DATABASE_URL=sqlite).model_dump(exclude_defaults=True).items():
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        monkeypatch.setenv(name, text)
    yield lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])
    outbox.forget_listeners()
