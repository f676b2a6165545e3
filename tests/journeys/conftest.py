"""The running instance that journeys share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.site import Site, running_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A fresh instance for the journeys of one file."""
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running
