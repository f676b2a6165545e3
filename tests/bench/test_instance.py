"""The bench measures the embedded default, not what somebody's shell has set."""

from __future__ import annotations

from pathlib import Path

from tests.bench.instance import environment


def test_settings_of_the_shell_are_not_inherited(tmp_path: Path) -> None:
    shell = {"PATH": "/bin", "DATABASE_URL": "postgresql://elsewhere", "REDIS_URL": "redis://x", "RATE_LIMITS": "true"}
    given = environment(tmp_path, shell | {"RECORD_EXCHANGES": "/somewhere"})
    assert given.keys() == {"PATH", "DATA_DIR", "PORT", "SANDBOX_URL"}
    assert given["DATA_DIR"] == str(tmp_path)
