"""Pull requests: opened from a branch or fork, edited, pushed to, drafted, reviewed. Merging is in `merging.py`."""

from __future__ import annotations

import hashlib

from bountyhub.sandbox.github.access import at_least
from bountyhub.sandbox.github.actions.commits import find_commit, new_commit, put_on_branch, trailers
from bountyhub.sandbox.github.actions.issues import announce_pull, new_issue
from bountyhub.sandbox.github.actions.repositories import fork_of, require_writable
from bountyhub.sandbox.github.errors import GithubError, invalid
from bountyhub.sandbox.github.hooks import announce
from bountyhub.sandbox.github.shapes import pulls as shapes
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc

REVIEW_STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


def open_pull_request(
    world: World,
    repo: Doc,
    author: Doc,
    title: str,
    body: str = "",
    *,
    branch: str = "",
    base: str = "",
    draft: bool = False,
    co_authors: tuple[Doc, ...] = (),
    commits: tuple[str, ...] = (),
    id: int | None = None,
    number: int | None = None,
    wrote: tuple[str, str | None] | None = None,
) -> Doc:
    """Push the commits to a branch (of the author's fork when they may not write here) and open the pull request.

    `commits` are messages; without any, one commit named like the title. `wrote`: the file (None: deleted) they write.
    """
    require_writable(repo)
    base = base or repo["default_branch"]
    head_repo = repo if at_least(repo, author, "write") else fork_of(world, repo, author)
    branch = branch or f"patch-{world.tx.next('gh_branch/' + str(head_repo['id']))}"
    base_sha = _base_sha(world, repo, base)
    made = _push(world, head_repo, branch, author, commits or (title,), co_authors, base_sha, wrote)
    part = _part(head_repo, branch, base, base_sha, made, draft)
    part["id"] = world.new_id("gh_pull") if id is None else id
    # The head may be this very repository, so read it again after the push.
    repo, issue = new_issue(world, world.repo(repo["id"]), author, title, body, pull=part, number=number)
    announce_pull(world, "pull_request.opened", repo, issue, author)
    return issue


def _base_sha(world: World, repo: Doc, base: str) -> str:
    sha = repo["branches"].get(base)
    if sha is None:
        branches = repo["branches"] | {base: repo["branches"][repo["default_branch"]]}
        world.put_repo(repo | {"branches": branches})
        sha = branches[base]
    return str(sha)


def _push(
    world: World, repo: Doc, branch: str, author: Doc, messages: tuple[str, ...], co_authors: tuple[Doc, ...],
    onto: str, wrote: tuple[str, str | None] | None,
) -> list[Doc]:  # fmt: skip
    parent, made = onto, []
    change: Doc = {"file": f"src/{branch}.py"} if wrote is None else {"file": wrote[0], "content": wrote[1]}
    for message in messages:
        doc = new_commit(world, repo, author, message + trailers(co_authors), [parent], **change)
        made.append(doc)
        parent = doc["sha"]
    put_on_branch(world, world.repo(repo["id"]), branch, made)
    return made


def _part(head_repo: Doc, branch: str, base: str, base_sha: str, made: list[Doc], draft: bool) -> Doc:
    return _head(made, []) | {
        "head_repo": head_repo["id"],
        "head": branch,
        "base": base,
        "base_sha": base_sha,
        "draft": draft,
        "merged_at": None,
        "merged_by": None,
    }


def _head(made: list[Doc], before: list[str]) -> Doc:
    shas = before + [doc["sha"] for doc in made]
    trial = hashlib.sha1(f"trial merge of {shas[-1]}".encode()).hexdigest()  # noqa: S324
    return {
        "head_sha": shas[-1],
        "commits": shas,
        "merge_commit_sha": trial,
        "additions": sum(doc["additions"] for doc in made),
        "deletions": sum(doc["deletions"] for doc in made),
    }


def push(
    world: World, repo: Doc, issue: Doc, author: Doc, messages: tuple[str, ...], co_authors: tuple[Doc, ...] = ()
) -> Doc:
    """New commits on the pull request's branch: its head moves, reviews of the old head stay with the old head."""
    return moved_head(world, repo, issue, author, messages, co_authors)


def moved_head(
    world: World, repo: Doc, issue: Doc, author: Doc, messages: tuple[str, ...], co_authors: tuple[Doc, ...] = (), *,
    wrote: tuple[str, str | None] | None = None,
) -> Doc:  # fmt: skip
    """The same; `wrote` names the file they write."""
    part = issue["pull"]
    if issue["state"] != "open":
        raise GithubError(422, "Only an open pull request takes commits here")
    head_repo = world.repo(part["head_repo"])
    made = _push(world, head_repo, part["head"], author, messages, co_authors, part["head_sha"], wrote)
    head = _head(made, part["commits"])
    head["additions"] += part["additions"]
    head["deletions"] += part["deletions"]
    changed = world.put_issue(issue | {"pull": part | head, "updated": world.now})
    repo = world.repo(repo["id"])
    ends = {"before": part["head_sha"], "after": head["head_sha"]}
    announce_pull(world, "pull_request.synchronize", repo, changed, author, **ends)
    return changed


def force_push(
    world: World, repo: Doc, issue: Doc, author: Doc, messages: tuple[str, ...], co_authors: tuple[Doc, ...] = ()
) -> Doc:
    """Other commits in the place of all that the pull request had: its former head is on no branch any more."""
    part = issue["pull"]
    if issue["state"] != "open":
        raise GithubError(422, "Only an open pull request takes commits here")
    made = _push(
        world, world.repo(part["head_repo"]), part["head"], author, messages, co_authors, part["base_sha"], None
    )
    head = _head(made, [])
    changed = world.put_issue(issue | {"pull": part | head, "updated": world.now})
    ends = {"before": part["head_sha"], "after": head["head_sha"]}
    announce_pull(world, "pull_request.synchronize", world.repo(repo["id"]), changed, author, **ends)
    return changed


def retarget(world: World, repo: Doc, issue: Doc, sender: Doc, base: str) -> Doc:
    """Aim at another branch."""
    part = issue["pull"]
    if base == part["base"]:
        return issue
    if part["merged_at"] is not None:
        raise GithubError(422, "Cannot change the base branch of a merged pull request")
    sha = _base_sha(world, repo, base)
    moved = part | {"base": base, "base_sha": sha}
    changed = world.put_issue(issue | {"pull": moved, "updated": world.now})
    changes = {"base": {"ref": {"from": part["base"]}, "sha": {"from": part["base_sha"]}}}
    announce_pull(world, "pull_request.edited", world.repo(repo["id"]), changed, sender, changes=changes)
    return changed


def rename_branch(world: World, repo: Doc, sender: Doc, old: str, new: str) -> Doc:
    """A branch under another name; open pull requests at it aim at the new one."""
    if old not in repo["branches"] or new in repo["branches"] or not new:
        raise invalid("Branch", "name")
    branches = {new if name == old else name: sha for name, sha in repo["branches"].items()}
    default = new if repo["default_branch"] == old else repo["default_branch"]
    repo = world.put_repo(repo | {"branches": branches, "default_branch": default, "updated": world.now})
    for issue in list(world.issues(repo, "open", ("pull",))):
        if issue["pull"]["base"] == old:
            retarget(world, repo, issue, sender, new)
    if default == new:
        announce(world, "repository.edited", repo, sender, changes={"default_branch": {"from": old}})
    return repo


def set_draft(world: World, repo: Doc, issue: Doc, sender: Doc, *, draft: bool) -> Doc:
    if issue["pull"]["draft"] == draft:
        return issue
    changed = world.put_issue(issue | {"pull": issue["pull"] | {"draft": draft}, "updated": world.now})
    event = "converted_to_draft" if draft else "ready_for_review"
    announce_pull(world, f"pull_request.{event}", repo, changed, sender)
    return changed


def review(world: World, repo: Doc, issue: Doc, author: Doc, event: str, body: str = "") -> Doc:
    """A review of the present head; nobody approves their own pull request."""
    if event not in REVIEW_STATES:
        raise invalid("PullRequestReview", "event")
    if event != "COMMENT" and author["id"] == issue["author"]:
        verb = "approve" if event == "APPROVE" else "request changes on"
        raise GithubError(422, f"Can not {verb} your own pull request")
    doc: Doc = {
        "id": world.new_id("gh_review"),
        "repo": repo["id"],
        "number": issue["number"],
        "author": author["id"],
        "body": body,
        "state": REVIEW_STATES[event],
        "commit": issue["pull"]["head_sha"],
        "submitted": world.now,
    }
    world.tx.put("gh_review", str(doc["id"]), doc, ref=f"{repo['id']}/{issue['number']}")
    _announce_review(world, repo, issue, doc, author)
    return doc


def _announce_review(world: World, repo: Doc, issue: Doc, doc: Doc, author: Doc) -> None:
    if world.installation_for(repo) is None:
        return
    hooked = world.for_hooks()
    body = shapes.review(hooked, repo, issue, doc)
    body["state"] = doc["state"].lower()  # webhooks write it small, the API in capitals
    pull = shapes.simple_pull(hooked, repo, issue)
    announce(world, "pull_request_review.submitted", repo, author, review=body, pull_request=pull)


def reviews_of(world: World, issue: Doc) -> list[Doc]:
    return world.tx.all("gh_review", ref=f"{issue['repo']}/{issue['number']}")


def commits_of(world: World, issue: Doc) -> list[Doc]:
    """Oldest first."""
    found = [world.tx.get("gh_commit", sha) for sha in issue["pull"]["commits"]]
    return [doc for doc in found if doc is not None]


def landed_of(world: World, issue: Doc) -> list[Doc]:
    """What a merge put on the base branch and has to be reverted, oldest first; a merge commit stands for all."""
    found = [world.tx.get("gh_commit", sha) for sha in issue["pull"].get("landed", ())]
    landed = [doc for doc in found if doc is not None]
    return landed[-1:] if landed and len(landed[-1]["parents"]) > 1 else landed


def head_commit(world: World, repo: Doc, ref: str) -> Doc:
    """The commit a check run or a status is for; 422 as GitHub answers an unknown one."""
    found = find_commit(world, repo, ref)
    if found is None:
        raise GithubError(422, f"No commit found for SHA: {ref}")
    return found
