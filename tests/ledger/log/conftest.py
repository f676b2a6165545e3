"""The log's tests sign with a play key."""

from __future__ import annotations

import pytest

from tests.ledger.log.books import use_settings


@pytest.fixture(autouse=True)
def _settings() -> None:
    use_settings()
