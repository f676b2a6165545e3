"""The world of most tests here; what depends on the engine asks for `database` and begins its own."""

from tests.builders.fixtures import begun, world

__all__ = ["begun", "world"]
