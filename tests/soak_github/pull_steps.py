"""What people do to pull requests and branches."""

from __future__ import annotations

from tests.soak_github.kinds import Drawn, kind
from tests.soak_github.model import Touch
from tests.soak_github.view import Doc, View, place

#: How a body closes an issue, or only seems to.
CLOSING = ("Fixes #{n}", "closes: #{n}", "Resolves {full}#{n}\n\nIn two steps.", "Work.\n\n- fixes #{n}")
NOT_CLOSING = ("See #{n}", "`fixes #{n}`", "> fixes #{n}", "<!-- fixes #{n} -->\nMore to come")
METHODS = ("merge", "squash", "rebase")


def _words(view: View, repo: Doc) -> str:
    """A body about one or two issues of the repository."""
    issues = [doc["number"] for doc in view.items(repo, pulls=False, state="open")]
    ours = [number for home, number in view.tasks if home == repo["id"]]
    if not issues:
        return "Nothing in particular"
    said = []
    for _ in range(2 if view.chance(0.2) else 1):
        number = view.rng.choice(ours if ours and view.chance(0.85) else issues)
        form = view.rng.choice(CLOSING if view.chance(0.8) else NOT_CLOSING)
        said.append(form.format(n=number, full=repo["full_name"]))
    return "\n\n".join(said)


@kind(16)
def open_pull_request(view: View) -> Drawn | None:
    repo, who = view.repo(), view.who("bo", "bo", "bo", "dara", "eve", "ana")
    if repo is None or not who:
        return None
    body, by_commit = _words(view, repo), view.chance(0.15)
    given = {
        "repo": repo["id"], "as": who["login"], "title": f"Change {view.words()}",
        "body": "Work" if by_commit else body, "branch": f"branch-{view.count}",
        "commits": [body.replace("\n", " ") if by_commit else f"Step {view.count}"],
        "draft": view.chance(0.15), "base": "next" if view.chance(0.08) else "",
    }  # fmt: skip
    if view.chance(0.15):
        other = view.who("cleo", "dara", "eve")
        given["co_authors"] = [other["login"]] if other and other["login"] != who["login"] else []
    nothing: Doc = {"title": "", "body": body, "pull": {"commits": []}, "number": 0}
    issues = {f"links:{repo['id']}:{number}" for number in view.refs(repo, nothing)}
    touch = Touch(view.about(repo, 0) | issues | {f"person:{who['id']}"})
    return Drawn("open_pull_request", given, touch)


def _pull(view: View, state: str = "open", *, old: bool = True) -> tuple[Doc, Doc] | None:
    """`old`: that was there when the round began."""
    found = view.item(pulls=True, state=state)
    return None if found is None or (old and place(found[1]) not in view.was_there) else found


@kind(5)
def change_a_title(view: View) -> Drawn | None:
    found = _pull(view, "all", old=False)
    if found is None or found[1]["pull"]["merged_at"]:
        return None
    repo, pull = found
    given = {"repo": repo["id"], "number": pull["number"], "title": f"Change {view.words()}"}
    return Drawn("edit_pull_request", given, Touch(view.about(repo, pull["number"])))


@kind(6)
def change_what_it_closes(view: View) -> Drawn | None:
    found = _pull(view)
    if found is None:
        return None
    repo, pull = found
    body = _words(view, repo)
    given = {"repo": repo["id"], "number": pull["number"], "body": body}
    return Drawn("edit_pull_request", given, view.linking(repo, pull, view.refs(repo, pull, body)))


@kind(5)
def draft_or_ready(view: View) -> Drawn | None:
    found = _pull(view, old=False)
    if found is None:
        return None
    repo, pull = found
    given = {"repo": repo["id"], "number": pull["number"], "draft": not pull["pull"]["draft"]}
    issues = {f"links:{repo['id']}:{number}" for number in view.refs(repo, pull)}
    return Drawn("edit_pull_request", given, Touch(view.about(repo, pull["number"]) | issues))


@kind(3)
def retarget(view: View) -> Drawn | None:
    found = _pull(view)
    if found is None:
        return None
    repo, pull = found
    base = "next" if pull["pull"]["base"] == repo["default_branch"] else repo["default_branch"]
    given = {"repo": repo["id"], "number": pull["number"], "base": base}
    return Drawn("edit_pull_request", given, view.linking(repo, pull, view.refs(repo, pull)))


@kind(7)
def push_to_it(view: View) -> Drawn | None:
    found = _pull(view, old=False)
    if found is None:
        return None
    repo, pull = found
    given = {"repo": repo["id"], "number": pull["number"], "messages": [f"Step {view.words()}"]}
    return Drawn("push", given, Touch(view.about(repo, pull["number"])))


@kind(2)
def push_a_closing_commit(view: View) -> Drawn | None:
    found = _pull(view)
    if found is None:
        return None
    repo, pull = found
    words = _words(view, repo).replace("\n", " ")
    given = {"repo": repo["id"], "number": pull["number"], "messages": [words]}
    return Drawn("push", given, view.linking(repo, pull, view.refs(repo, pull, words)))


@kind(4)
def close_pull_request(view: View) -> Drawn | None:
    found = _pull(view)
    if found is None:
        return None
    repo, pull = found
    touch = view.linking(repo, pull, view.refs(repo, pull))
    return Drawn("close", {"repo": repo["id"], "number": pull["number"]}, Touch(touch.last | touch.alone))


@kind(5)
def reopen_pull_request(view: View) -> Drawn | None:
    found = _pull(view, "closed")
    if found is None or found[1]["pull"]["merged_at"]:
        return None
    repo, pull = found
    touch = view.linking(repo, pull, view.refs(repo, pull))
    return Drawn("reopen", {"repo": repo["id"], "number": pull["number"]}, Touch(touch.last | touch.alone))


@kind(7)
def review(view: View) -> Drawn | None:
    found, who = _pull(view, old=False), view.who("ana", "eve", "dara", "bo")
    if found is None or not who:
        return None
    repo, pull = found
    event = view.rng.choice(("APPROVE", "APPROVE", "APPROVE", "REQUEST_CHANGES", "COMMENT"))
    given = {"repo": repo["id"], "number": pull["number"], "as": who["login"], "event": event, "body": "Seen."}
    keys = view.about(repo, pull["number"], f"person:{who['id']}")
    return Drawn("review", given, Touch(keys))


def _of_a_claim(view: View, *states: str) -> tuple[Doc, Doc] | None:
    """A pull request that stands for something, in one of these states."""
    found = view.choice(view.claims(*states))
    if found is None or f"{found[0]}:{found[1]}" not in view.was_there:
        return None
    with view.instance.world() as world:
        repo = world.find_repo(found[0])
        pull = world.find_issue(repo, found[1]) if repo else None
    return (repo, pull) if repo and pull and pull["pull"] else None  # what landed otherwise has the issue's number


@kind(24)
def merge(view: View) -> Drawn | None:
    """Of what was shown when the round began: what is shown too late is another history."""
    found, who = _of_a_claim(view, "linked") if view.chance(0.85) else _pull(view), view.who("ana", "ana", "eve")
    return None if found is None or found[1]["pull"]["draft"] else _merging(view, *found, who)


@kind(0)
def merge_ones_own(view: View) -> Drawn | None:
    """By its author: only directed histories are sure to have one."""
    found = _of_a_claim(view, "linked")
    if found is None or found[1]["pull"]["draft"]:
        return None
    with view.instance.world() as world:
        author = world.person(found[1]["author"])
    return None if author.get("deleted") else _merging(view, *found, {"id": author["id"], "login": author["login"]})


def _merging(view: View, repo: Doc, pull: Doc, who: Doc) -> Drawn | None:
    if not who:
        return None
    given = {
        "repo": repo["id"], "number": pull["number"], "as": who["login"], "method": view.rng.choice(METHODS),
        "queued": view.chance(0.15),
    }  # fmt: skip
    refs = view.refs(repo, pull)
    ends = {f"item:{repo['id']}:{number}" for number in (pull["number"], *refs)}
    alone = {f"links:{repo['id']}:{number}" for number in refs} | {f"stands:{repo['id']}:{pull['number']}"}
    last = view.about(repo, pull["number"], f"person:{who['id']}", f"branch:{repo['id']}") - ends
    return Drawn("merge", given, Touch(last, frozenset(alone), frozenset(ends)))


@kind(6)
def open_a_revert(view: View) -> Drawn | None:
    found = _of_a_claim(view, "window", "blocked", "released")
    if found is None or not found[1]["pull"]["merged_at"]:
        return None
    repo, pull = found
    given = {"repo": repo["id"], "number": pull["number"], "as": view.who("ana", "eve").get("login", "")}
    return Drawn("revert", given, Touch(view.about(repo, pull["number"])))


@kind(8)
def merge_a_revert(view: View) -> Drawn | None:
    found = _pull(view)
    if found is None or not found[1]["title"].startswith("Revert"):
        return None
    return _merging(view, *found, view.who("ana", "eve"))


@kind(6)
def push_a_revert(view: View) -> Drawn | None:
    """`git revert` and a push, without a pull request."""
    found = _of_a_claim(view, "window", "blocked", "released")
    if found is None or not found[1]["pull"]["merged_at"]:
        return None
    repo, pull = found
    message = f'Revert "{pull["title"]}"\n\nThis reverts commit {pull["pull"]["merge_commit_sha"]}.'
    given = {"repo": repo["id"], "branch": repo["default_branch"], "messages": [message]}
    alone = {f"branch:{repo['id']}", f"item:{repo['id']}:{pull['number']}"}
    return Drawn("push", given, Touch(view.about(repo, pull["number"]) - alone, frozenset(alone)))


@kind(3)
def push_to_the_branch(view: View) -> Drawn | None:
    repo = view.repo()
    if repo is None:
        return None
    given = {"repo": repo["id"], "branch": repo["default_branch"], "messages": [f"Tidy {view.words()}"]}
    return Drawn("push", given, Touch(view.about(repo, 0, f"branch:{repo['id']}")))
