"""Where sandboxes stand in for the outside, every page says that its money is play money."""

from __future__ import annotations

import pytest

from tests.builders.world import CLEO
from tests.pages.conftest import Pages


@pytest.mark.parametrize("path", ["/", "/tasks", "/tasks/1", "/tasks/1/fund", "/projects", "/me", "/nothing-here"])
def test_every_page_says_so(pages: Pages, path: str) -> None:
    text = pages.signed_in(CLEO).get(path).text
    assert 'aria-label="Play money"' in text
    assert "http://127.0.0.1:8001" in text
