"""Control actions on pull requests and branches."""

from __future__ import annotations

from bountyhub.sandbox.github.actions import pulls as actions
from bountyhub.sandbox.github.actions.commits import push_to_branch
from bountyhub.sandbox.github.actions.issues import edit_issue
from bountyhub.sandbox.github.actions.merging import merge as merge_pull
from bountyhub.sandbox.github.actions.reverting import revert as revert_pull
from bountyhub.sandbox.github.actions.reverting import revert_commit as take_back
from bountyhub.sandbox.github.control.registry import Given, action
from bountyhub.sandbox.github.world import iso
from bountyhub.sandbox.store import Doc


def _pull(doc: Doc) -> Doc:
    part = doc["pull"]
    return {
        "id": part["id"],
        "issue_id": doc["id"],
        "number": doc["number"],
        "repository": doc["repo"],
        "state": doc["state"],
        "draft": part["draft"],
        "base": part["base"],
        "head": part["head"],
        "head_sha": part["head_sha"],
        "commits": part["commits"],
        "author": doc["author"],
        "merged": part["merged_at"] is not None,
        "merged_at": iso(part["merged_at"]),
        "merged_by": part["merged_by"],
        "sha": part["merge_commit_sha"],
    }


@action
def open_pull_request(given: Given) -> Doc:
    """repo, as, title, body?, branch?, base?, draft?, co_authors? (logins), commits? (messages), id?, number?"""
    repo = given.repo()
    return _pull(
        actions.open_pull_request(
            given.world,
            repo,
            given.sender(),
            given.text("title"),
            given.text("body"),
            branch=given.text("branch"),
            base=given.text("base"),
            draft=given.flag("draft"),
            co_authors=given.people("co_authors"),
            commits=given.texts("commits"),
            id=given.maybe_number("id"),
            number=given.maybe_number("number"),
        )
    )


@action
def edit_pull_request(given: Given) -> Doc:
    """repo, number, title?, body?, base?, draft?, as?"""
    repo = given.repo()
    doc, sender = given.pull(repo), given.sender(repo)
    doc = edit_issue(given.world, repo, doc, sender, title=given.maybe("title"), body=given.maybe("body"))
    if given.text("base"):
        doc = actions.retarget(given.world, repo, doc, sender, given.text("base"))
    if given.maybe("draft") is not None:
        doc = actions.set_draft(given.world, repo, doc, sender, draft=given.flag("draft"))
    return _pull(doc)


@action
def push(given: Given) -> Doc:
    """repo, number (of a pull request) or branch, messages?, co_authors?, as?, force? (of a pull request)"""
    repo = given.repo()
    messages = given.texts("messages") or ("Another step",)
    if not given.text("number"):
        branch = given.text("branch", repo["default_branch"])
        made = push_to_branch(given.world, repo, branch, given.sender(repo), list(messages))
        return {"repository": repo["id"], "branch": branch, "commits": [doc["sha"] for doc in made]}
    doc = given.pull(repo)
    author = given.person("as") if given.text("as") else given.world.person(doc["author"])
    push = actions.force_push if given.flag("force") else actions.push
    return _pull(push(given.world, repo, doc, author, messages, given.people("co_authors")))


@action
def rename_branch(given: Given) -> Doc:
    """repo, to, branch? (the default one), as?: its open pull requests follow"""
    repo = given.repo()
    branch = given.text("branch", repo["default_branch"])
    changed = actions.rename_branch(given.world, repo, given.sender(repo), branch, given.text("to"))
    return {"repository": repo["id"], "default_branch": changed["default_branch"]}


@action
def review(given: Given) -> Doc:
    """repo, number, as, event? (APPROVE, REQUEST_CHANGES, COMMENT), body?"""
    repo = given.repo()
    event = given.text("event", "APPROVE")
    doc = actions.review(given.world, repo, given.pull(repo), given.sender(repo), event, given.text("body"))
    return {"id": doc["id"], "number": doc["number"], "state": doc["state"], "commit": doc["commit"]}


@action
def revert(given: Given) -> Doc:
    """repo, number (of a merged pull request), as?; opens the one that takes it back"""
    repo = given.repo()
    return _pull(revert_pull(given.world, repo, given.pull(repo), given.sender(repo)))


@action
def revert_commit(given: Given) -> Doc:
    """repo, sha, branch? (the default one), as?; as `git revert` does it, without a pull request"""
    repo = given.repo()
    made = take_back(given.world, repo, given.text("sha"), given.sender(repo), given.text("branch"))
    return {"repository": repo["id"], "sha": made["sha"]}


@action
def merge(given: Given) -> Doc:
    """repo, number, method? (merge, squash, rebase), queued?, as?"""
    repo = given.repo()
    method = given.text("method", "merge")
    sha, queued = given.maybe("sha"), given.flag("queued")
    doc = merge_pull(given.world, repo, given.pull(repo), given.sender(repo), method, sha=sha, queued=queued)
    return _pull(doc)
