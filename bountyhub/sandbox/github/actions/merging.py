"""Merging a pull request: the commit on the base branch, the events, and the issues it closes."""

from __future__ import annotations

from bountyhub.sandbox.github.access import at_least
from bountyhub.sandbox.github.actions.commits import announce_push, new_commit, put_on_branch
from bountyhub.sandbox.github.actions.issues import announce_pull, close, mark_closed
from bountyhub.sandbox.github.actions.people import create_person
from bountyhub.sandbox.github.actions.pulls import commits_of
from bountyhub.sandbox.github.closing import Reference, references, references_in_commit
from bountyhub.sandbox.github.errors import GithubError, MovedIssue, invalid
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc

QUEUE = "github-merge-queue[bot]"
METHODS = ("merge", "squash", "rebase")


def merge(
    world: World, repo: Doc, issue: Doc, sender: Doc, method: str = "merge", *, sha: str | None = None, title: str = "",
    queued: bool = False,
) -> Doc:  # fmt: skip
    """Merge (by the queue that `sender` put it into, if `queued`).

    Refuses drafts, closed ones, a head that is not `sha`, and people who may not write.
    """
    _check(repo, issue, sender, method, sha)
    part, enqueued_by = issue["pull"], sender["id"] if queued else None
    sender = _queue(world) if queued else sender
    commits = commits_of(world, issue)
    landed = _land(world, repo, issue, sender, method, commits, title)
    before = repo["branches"][part["base"]]
    repo = put_on_branch(world, world.repo(repo["id"]), part["base"], landed)
    repo = _remember_contributor(world, repo, issue["author"])
    facts = {"merged_at": world.now, "merged_by": sender["id"], "merge_commit_sha": landed[-1]["sha"]}
    facts |= {"enqueued_by": enqueued_by}
    facts["landed"] = [doc["sha"] for doc in landed]
    merged = mark_closed(world, repo, issue | {"pull": part | facts}, sender, None)
    repo = world.repo(repo["id"])
    announce_pull(world, "pull_request.closed", repo, merged, sender)
    announce_push(world, repo, part["base"], before, landed, sender)
    _close_issues(world, repo, merged, landed, sender)
    return merged


def _queue(world: World) -> Doc:
    """The account in whose name GitHub's merge queue merges."""
    return world.person_by_login(QUEUE) or create_person(world, QUEUE, "github-merge-queue", kind="Bot")


def _check(repo: Doc, issue: Doc, sender: Doc, method: str, sha: str | None) -> None:
    if method not in METHODS:
        raise invalid("PullRequest", "merge_method")
    if not at_least(repo, sender, "write"):
        raise GithubError(403, "You're not authorized to merge this pull request")
    if issue["state"] != "open" or issue["pull"]["draft"]:
        raise GithubError(405, "Pull Request is not mergeable")
    if sha is not None and sha != issue["pull"]["head_sha"]:
        raise GithubError(409, "Head branch was modified. Review and try the merge again.")


def _land(world: World, repo: Doc, issue: Doc, sender: Doc, method: str, commits: list[Doc], title: str) -> list[Doc]:
    """What comes onto the base branch: every commit and a merge commit, one squashed commit, or the commits alone."""
    base, author = repo["branches"][issue["pull"]["base"]], world.person(issue["author"])
    if method == "rebase":
        return _rebased(world, repo, commits, base)
    if method == "squash":
        texts = [f"* {doc['message']}" for doc in commits] if len(commits) > 1 else []
        message = "\n\n".join([title or f"{issue['title']} (#{issue['number']})", *texts])
        return [new_commit(world, repo, author, message + _trailers(commits), [base], **_change(commits))]
    head = f"Merge pull request #{issue['number']} from {world.head_owner(issue['pull'])}/{issue['pull']['head']}"
    message = f"{title or head}\n\n{issue['title']}"
    parents = [base, issue["pull"]["head_sha"]]
    return [*commits, new_commit(world, repo, sender, message, parents, **_change(commits))]


def _change(commits: list[Doc]) -> Doc:
    """The one file that a commit which stands for several changes: the last whose words are known, else the last."""
    told = [doc for doc in commits if "content" in doc] or commits
    return {name: told[-1][name] for name in ("file", "content") if name in told[-1]}


def _rebased(world: World, repo: Doc, commits: list[Doc], onto: str) -> list[Doc]:
    """The same commits with new hashes: GitHub writes each anew, also where it wouldn't have to."""
    made: list[Doc] = []
    for doc in commits:
        author = world.person(doc["author"])
        parent = made[-1]["sha"] if made else onto
        made.append(new_commit(world, repo, author, doc["message"], [parent], **_change([doc])))
    return made


def _trailers(commits: list[Doc]) -> str:
    lines = [line for doc in commits for line in doc["message"].splitlines()]
    found = dict.fromkeys(line for line in lines if line.lower().startswith("co-authored-by:"))
    # One commit's message is replaced by the title, so its trailers must be carried over; several are quoted whole.
    return "\n\n" + "\n".join(found) if found and len(commits) == 1 else ""


def _remember_contributor(world: World, repo: Doc, person: int) -> Doc:
    if person in repo["contributors"]:
        return repo
    return world.put_repo(repo | {"contributors": [*repo["contributors"], person]})


# ---------------------------------------------------------------- what it closes


def closing_references(world: World, repo: Doc, issue: Doc) -> list[tuple[Doc, Doc]]:
    """(repository, issue) pairs GitHub lists as closed by this pull request: by its body, on the default branch."""
    if issue["pull"]["base"] != repo["default_branch"]:
        return []
    return _resolve(world, repo, references(issue["body"] or "", _roots(world)))


def _close_issues(world: World, repo: Doc, issue: Doc, landed: list[Doc], sender: Doc) -> None:
    """Body and commit messages count; in another repository only when the merger may write there."""
    if issue["pull"]["base"] != repo["default_branch"]:
        return
    found = references(issue["body"] or "", _roots(world))
    for doc in landed:
        found += references_in_commit(doc["message"], _roots(world))
    for target, closed in _resolve(world, repo, found):
        if target["id"] == repo["id"] or at_least(target, sender, "write"):
            close(world, world.repo(target["id"]), closed, sender)


def _roots(world: World) -> tuple[str, ...]:
    return world.urls.root, world.for_hooks().urls.root


def _resolve(world: World, repo: Doc, found: list[Reference]) -> list[tuple[Doc, Doc]]:
    pairs: dict[int, tuple[Doc, Doc]] = {}
    for reference in found:
        target = repo if reference.repo is None else _named(world, reference.repo)
        pair = None if target is None else _issue(world, target, reference.number)
        if pair is not None:
            pairs[pair[1]["id"]] = pair
    return list(pairs.values())


def _named(world: World, name: str) -> Doc | None:
    found = world.repo_by_name(name) or world.moved_repo(name)
    return None if found is None or found["deleted"] else found


def _issue(world: World, repo: Doc, number: int) -> tuple[Doc, Doc] | None:
    """Pull requests, deleted and missing issues are no targets; a transferred one is followed."""
    try:
        found = world.issue(repo, number)
    except MovedIssue as moved:
        return _issue(world, world.repo(moved.repo), moved.number)
    except GithubError:
        return None
    return None if found["pull"] else (repo, found)
