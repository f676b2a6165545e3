"""Bodies of repositories: the one inside other objects, the full one and the short one of installation events."""

from __future__ import annotations

from urllib.parse import urlsplit

from bountyhub.sandbox.github.nodes import node_id
from bountyhub.sandbox.github.shapes.people import simple_user
from bountyhub.sandbox.github.world import Urls, World, iso
from bountyhub.sandbox.store import Doc

LICENSE_NAMES = {"MIT": "MIT License", "AGPL-3.0": "GNU Affero General Public License v3.0"}

# Name of the field without `_url` → what follows the repository's own address.
LINKS = {
    "archive": "/{archive_format}{/ref}",
    "assignees": "/assignees{/user}",
    "blobs": "/git/blobs{/sha}",
    "branches": "/branches{/branch}",
    "collaborators": "/collaborators{/collaborator}",
    "comments": "/comments{/number}",
    "commits": "/commits{/sha}",
    "compare": "/compare/{base}...{head}",
    "contents": "/contents/{+path}",
    "contributors": "/contributors",
    "deployments": "/deployments",
    "downloads": "/downloads",
    "events": "/events",
    "forks": "/forks",
    "git_commits": "/git/commits{/sha}",
    "git_refs": "/git/refs{/sha}",
    "git_tags": "/git/tags{/sha}",
    "hooks": "/hooks",
    "issue_comment": "/issues/comments{/number}",
    "issue_events": "/issues/events{/number}",
    "issues": "/issues{/number}",
    "keys": "/keys{/key_id}",
    "labels": "/labels{/name}",
    "languages": "/languages",
    "merges": "/merges",
    "milestones": "/milestones{/number}",
    "notifications": "/notifications{?since,all,participating}",
    "pulls": "/pulls{/number}",
    "releases": "/releases{/id}",
    "stargazers": "/stargazers",
    "statuses": "/statuses/{sha}",
    "subscribers": "/subscribers",
    "subscription": "/subscription",
    "tags": "/tags",
    "teams": "/teams",
    "trees": "/git/trees{/sha}",
}


def repository(world: World, repo: Doc) -> Doc:
    """A repository as it stands in pull requests, installations and webhooks."""
    urls = world.urls
    links = {f"{name}_url": urls.repo(repo) + rest for name, rest in LINKS.items()}
    return _identity(world, repo) | links | _addresses(urls, repo) | _facts(repo)


def full_repository(world: World, repo: Doc) -> Doc:
    """The answer to a request for one repository."""
    merging = {"allow_squash_merge": True, "allow_merge_commit": True, "allow_rebase_merge": True}
    more = {"subscribers_count": 1, "network_count": 0, "temp_clone_token": None}
    more |= {"allow_auto_merge": False, "delete_branch_on_merge": False, "allow_update_branch": False}
    return repository(world, repo) | merging | more


def short_repository(repo: Doc) -> Doc:
    """The five fields of installation events."""
    return {
        "id": repo["id"],
        "node_id": node_id("R", repo["id"]),
        "name": repo["name"],
        "full_name": repo["full_name"],
        "private": repo["private"],
    }


def pushed_repository(world: World, repo: Doc) -> Doc:
    """In `push` events some times are numbers and a few names are doubled."""
    body = repository(world, repo)
    body |= {"created_at": repo["created"], "pushed_at": repo["pushed"]}
    return body | {"stargazers": 0, "master_branch": repo["default_branch"]}


def _identity(world: World, repo: Doc) -> Doc:
    return short_repository(repo) | {
        "owner": simple_user(world.urls, world.shown(repo["owner"])),
        "html_url": world.urls.page(repo),
        "description": repo["description"],
        "fork": repo["fork_of"] is not None,
        "url": world.urls.repo(repo),
    }


def _addresses(urls: Urls, repo: Doc) -> Doc:
    host = urlsplit(urls.root).netloc
    return {
        "git_url": f"git://{host}/{repo['full_name']}.git",
        "ssh_url": f"git@{host}:{repo['full_name']}.git",
        "clone_url": f"{urls.page(repo)}.git",
        "svn_url": urls.page(repo),
        "mirror_url": None,
        "homepage": None,
    }


def _facts(repo: Doc) -> Doc:
    return _counts(repo) | {
        "created_at": iso(repo["created"]),
        "updated_at": iso(repo["updated"]),
        "pushed_at": iso(repo["pushed"]),
        "language": repo["language"],
        "license": _license(repo["license"]),
        "default_branch": repo["default_branch"],
        "visibility": "private" if repo["private"] else "public",
        "topics": [],
        "archived": repo["archived"],
        "disabled": False,
        "is_template": False,
        "has_issues": True,
        "has_projects": False,
        "has_downloads": True,
        "has_wiki": False,
        "has_pages": False,
        "has_discussions": False,
        "allow_forking": True,
        "web_commit_signoff_required": False,
    }


def _counts(repo: Doc) -> Doc:
    zero = dict.fromkeys(("forks", "forks_count", "stargazers_count", "watchers", "watchers_count"), 0)
    return zero | {"size": 420, "open_issues": repo["open_issues"], "open_issues_count": repo["open_issues"]}


def _license(spdx: str | None) -> Doc | None:
    if spdx is None:
        return None
    return {
        "key": spdx.lower(),
        "name": LICENSE_NAMES.get(spdx, spdx),
        "spdx_id": spdx,
        "url": f"https://api.github.com/licenses/{spdx.lower()}",
        "node_id": node_id("L", spdx),
    }
