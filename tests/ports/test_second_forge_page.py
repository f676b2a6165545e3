"""The page about a second forge says something of every method of the port and every event of the bot's table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bountyhub.bot.handlers import HANDLERS
from bountyhub.ports.forge import Forge

PAGE = (Path(__file__).parents[2] / "docs" / "second-forge.md").read_text()
WORDS = set(re.findall(r"`([a-z_]+)`", PAGE))


@pytest.mark.parametrize("name", sorted(name for name in dir(Forge) if not name.startswith("_")))
def test_each_method_has_its_line(name: str) -> None:
    assert name in WORDS


@pytest.mark.parametrize("event", sorted(set(HANDLERS) - {"installation_target"}))
def test_each_event_has_its_line(event: str) -> None:
    assert event in WORDS
