"""Where templates, static files and migrations lie: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def asset(name: str) -> Path:
    """The folder `templates`, `static` or `migrations`; raises FileNotFoundError with the places looked at."""
    for place in (_PACKAGE.parent / name, _PACKAGE / "_assets" / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"no folder {name!r} beside or inside the package")
