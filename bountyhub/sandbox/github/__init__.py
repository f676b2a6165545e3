"""A small GitHub that keeps state: REST, GraphQL, OAuth, the App's signed webhooks and pages a person can click.

`create_sandbox` mounts `blueprint` and calls `seed` once; nothing else is meant to be imported from outside.
"""

from __future__ import annotations

from bountyhub.sandbox.github import control, graphql, oauth, rest, web
from bountyhub.sandbox.github.calls import blueprint
from bountyhub.sandbox.github.seeding import seed

__all__ = ["blueprint", "control", "graphql", "oauth", "rest", "seed", "web"]
