"""Bodies of people, bots, organisations and mail addresses."""

from __future__ import annotations

from bountyhub.sandbox.github.nodes import node_id
from bountyhub.sandbox.github.world import Urls, World, iso
from bountyhub.sandbox.store import Doc

PREFIXES = {"User": "U", "Bot": "BOT", "Organization": "O"}


def simple_user(urls: Urls, person: Doc) -> Doc:
    login = person["login"].replace("[", "%5B").replace("]", "%5D")
    url = f"{urls.api}/users/{login}"
    return {
        "login": person["login"],
        "id": person["id"],
        "node_id": node_id(PREFIXES[person["type"]], person["id"]),
        "avatar_url": f"{urls.root}/avatars/u/{person['id']}",
        "gravatar_id": "",
        "url": url,
        "html_url": _page(urls, person),
        "followers_url": f"{url}/followers",
        "following_url": f"{url}/following{{/other_user}}",
        "gists_url": f"{url}/gists{{/gist_id}}",
        "starred_url": f"{url}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{url}/subscriptions",
        "organizations_url": f"{url}/orgs",
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events{{/privacy}}",
        "received_events_url": f"{url}/received_events",
        "type": person["type"],
        "site_admin": False,
    }


def _page(urls: Urls, person: Doc) -> str:
    if person["type"] == "Bot":
        return f"{urls.root}/apps/{person['login'].removesuffix('[bot]')}"
    return f"{urls.root}/{person['login']}"


def user_by_id(world: World, id: int | None) -> Doc | None:
    return None if id is None else simple_user(world.urls, world.shown(id))


def public_user(urls: Urls, person: Doc) -> Doc:
    """What anybody sees: never the address, which only `/user/emails` tells."""
    return simple_user(urls, person) | {
        "user_view_type": "public",
        "name": person["name"],
        "company": None,
        "blog": "",
        "location": None,
        "email": None,
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "public_repos": 2,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": iso(person["created"]),
        "updated_at": iso(person["created"]),
    }


def private_user(urls: Urls, person: Doc) -> Doc:
    """What somebody sees of themselves."""
    return public_user(urls, person) | {
        "user_view_type": "private",
        "notification_email": None,
        "private_gists": 0,
        "total_private_repos": 0,
        "owned_private_repos": 0,
        "disk_usage": 0,
        "collaborators": 0,
        "two_factor_authentication": True,
        "plan": {"collaborators": 0, "name": "free", "space": 976_562_499, "private_repos": 10_000},
    }


def emails(person: Doc) -> list[Doc]:
    """The primary address and GitHub's own forwarding one, as a real account has."""
    hidden = f"{person['id']}+{person['login']}@users.noreply.example.test"
    primary = {"email": person["email"], "primary": True, "verified": True, "visibility": "private"}
    return [primary, {"email": hidden, "primary": False, "verified": True, "visibility": None}]
