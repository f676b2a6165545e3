"""A short soak, and its planted faults; `make soak-stripe` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak_stripe.planted import PLANTS, hunt
from tests.soak_stripe.run import soak

pytestmark = pytest.mark.long


def test_thirty_funded_tasks_among_faults(tmp_path: Path) -> None:
    result = soak(tmp_path, seed=7, funded=30, kills=4, multiply=3)
    assert result.wrong == []
    assert result.funded >= 30
    assert result.faults["kill -9"] >= 4
    assert sum(result.accepted.values()) >= 0.6 * sum(result.drawn.values())
    assert hunt(tmp_path) == ([], len(PLANTS))
