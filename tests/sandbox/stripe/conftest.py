"""Fixtures of the tests of the stand-in for Stripe: one running world a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe

from tests.sandbox.stripe.world import World, running


@pytest.fixture
def world(tmp_path: Path, recorded: Path) -> Iterator[World]:
    with running(tmp_path, recorded) as started:
        yield started


@pytest.fixture
def client(world: World) -> stripe.StripeClient:
    return world.client
