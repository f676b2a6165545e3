"""Bodies of the App and its installations."""

from __future__ import annotations

from bountyhub.sandbox.config import SandboxConfig
from bountyhub.sandbox.github.nodes import node_id
from bountyhub.sandbox.github.shapes.people import simple_user, user_by_id
from bountyhub.sandbox.github.world import APP_SLUG, World, iso
from bountyhub.sandbox.store import Doc

PERMISSIONS = {
    "checks": "write",
    "contents": "read",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
}
EVENTS = ["issue_comment", "issues", "pull_request", "pull_request_review", "push", "repository"]


def granted(doc: Doc) -> Doc:
    """What an installation may do: what the App asked for when it was installed, or last accepted."""
    found: Doc = doc.get("permissions", PERMISSIONS)
    return found


def asked(world: World) -> Doc:
    """What the App asks for now."""
    found = world.tx.get("gh_app", "permissions")
    return PERMISSIONS if found is None else dict(found)


def events(world: World) -> list[str]:
    """What the App is subscribed to now."""
    found = world.tx.get("gh_app", "events")
    return EVENTS if found is None else list(found["events"])


def app_config(world: World) -> SandboxConfig:
    """The configured App; only the seed has none, and it makes no App bodies."""
    if world.config is None:
        raise RuntimeError("this world knows no App")
    return world.config


def app(world: World) -> Doc:
    config, owner = app_config(world), world.named("bountyhub-org")
    return {
        "id": config.github_app_id,
        "slug": APP_SLUG,
        "client_id": config.github_client_id,
        "node_id": node_id("A", config.github_app_id),
        "owner": simple_user(world.urls, owner),
        "name": "bountyhub",
        "description": "Fund an issue, merge the pull request, pay the developer.",
        "external_url": config.app_url,
        "html_url": f"{world.urls.root}/apps/{APP_SLUG}",
        "created_at": iso(owner["created"]),
        "updated_at": iso(owner["created"]),
        "permissions": asked(world),
        "events": events(world),
    }


def installation(world: World, doc: Doc) -> Doc:
    config, account = app_config(world), world.person(doc["account"])
    url = f"{world.urls.api}/app/installations/{doc['id']}"
    return {
        "id": doc["id"],
        "account": simple_user(world.urls, account),
        "repository_selection": doc["selection"],
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{world.urls.api}/installation/repositories",
        "html_url": f"{world.urls.root}/settings/installations/{doc['id']}",
        "app_id": config.github_app_id,
        "client_id": config.github_client_id,
        "app_slug": APP_SLUG,
        "target_id": account["id"],
        "target_type": account["type"],
        "permissions": granted(doc),
        "events": events(world),
        "created_at": iso(doc["created"]),
        "updated_at": iso(doc["updated"]),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": user_by_id(world, doc["suspended_by"]),
        "suspended_at": iso(doc["suspended_at"]),
    }
