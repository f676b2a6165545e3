"""The API looks at the same small world as the pages."""

from __future__ import annotations

from tests.pages.conftest import app, pages

__all__ = ["app", "pages"]
