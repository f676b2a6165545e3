"""What people do to issues."""

from __future__ import annotations

from tests.soak_github.kinds import Drawn, kind
from tests.soak_github.model import Touch
from tests.soak_github.view import Doc, View

LABELS = ("bug", "enhancement", "help wanted", "question")


@kind(3)
def open_issue(view: View) -> Drawn | None:
    repo, who = view.repo(), view.who()
    if repo is None or not who:
        return None
    given = {"repo": repo["id"], "title": f"Wish {view.words()}", "body": "Please.", "as": who["login"]}
    return Drawn("open_issue", given, Touch(view.about(repo, 0)))


@kind(9)
def edit_issue(view: View) -> Drawn | None:
    found = view.item(pulls=False)
    if found is None:
        return None
    repo, issue = found
    given = {"repo": repo["id"], "number": issue["number"]}
    given |= {"title": f"Better {view.words()}"} if view.chance(0.6) else {"body": f"In other words, {view.words()}"}
    return Drawn("edit_issue", given, Touch(view.about(repo, issue["number"])))


@kind(5)
def label_issue(view: View) -> Drawn | None:
    found = view.item(pulls=False)
    if found is None:
        return None
    repo, issue = found
    given = {"repo": repo["id"], "number": issue["number"], "name": view.rng.choice(LABELS)}
    return Drawn("label", given, Touch(view.about(repo, issue["number"])))


@kind(3)
def unlabel_issue(view: View) -> Drawn | None:
    found = view.item(pulls=False)
    if found is None:
        return None
    repo, issue = found
    names = [one["name"] for one in repo["labels"] if one["id"] in issue["labels"] and one["name"] in LABELS]
    if not names:
        return None
    given = {"repo": repo["id"], "number": issue["number"], "name": view.rng.choice(names)}
    return Drawn("unlabel", given, Touch(view.about(repo, issue["number"])))


@kind(6)
def close_issue(view: View) -> Drawn | None:
    found = view.item(pulls=False, state="open")
    if found is None:
        return None
    repo, issue = found
    touch = Touch(view.about(repo, issue["number"], f"open:{repo['id']}:{issue['number']}"))
    return Drawn("close", {"repo": repo["id"], "number": issue["number"]}, touch)


@kind(6)
def reopen_issue(view: View) -> Drawn | None:
    """Of one that the round began with closed, closing again would begin its days anew: the order decides."""
    found = view.item(pulls=False, state="closed")
    if found is None:
        return None
    repo, issue = found
    state = frozenset([f"open:{repo['id']}:{issue['number']}"])
    about = view.about(repo, issue["number"])
    was_closed = f"{repo['id']}:{issue['number']}" in view.was_closed
    touch = Touch(about, alone=state) if was_closed else Touch(about | state)
    return Drawn("reopen", {"repo": repo["id"], "number": issue["number"]}, touch)


def _alone(view: View, repo: Doc, issue: Doc) -> Touch:
    """Whether a pull request is linked decides what becomes of the task: nothing else may happen to either."""
    keys = {f"item:{repo['id']}:{issue['number']}", f"links:{repo['id']}:{issue['number']}"}
    return Touch(view.about(repo, issue["number"]) - keys, frozenset(keys))


@kind(2)
def lock_issue(view: View) -> Drawn | None:
    """What the bot may not write any more is what it wrote last: the order decides."""
    found = view.item(pulls=False)
    if found is None:
        return None
    repo, issue = found
    given = {"repo": repo["id"], "number": issue["number"], "locked": not issue["locked"]}
    return Drawn("lock", given, _alone(view, repo, issue))


@kind(2)
def unlock_issue(view: View) -> Drawn | None:
    found = view.item(pulls=False)
    if found is None or not found[1]["locked"]:
        return None
    repo, issue = found
    given = {"repo": repo["id"], "number": issue["number"], "locked": False}
    return Drawn("lock", given, _alone(view, repo, issue))


@kind(1)
def delete_issue(view: View) -> Drawn | None:
    found = view.item(pulls=False)
    if found is None:
        return None
    repo, issue = found
    given = {"repo": repo["id"], "number": issue["number"]}
    return Drawn("delete_issue", given, _alone(view, repo, issue))


@kind(1)
def turn_into_a_discussion(view: View) -> Drawn | None:
    found = view.item(pulls=False)
    if found is None:
        return None
    repo, issue = found
    given = {"repo": repo["id"], "number": issue["number"]}
    return Drawn("convert_to_discussion", given, _alone(view, repo, issue))


@kind(2)
def transfer_issue(view: View) -> Drawn | None:
    found, target = view.item(pulls=False), view.repo()
    if found is None or target is None:
        return None
    repo, issue = found
    given = {"repo": repo["id"], "number": issue["number"], "to": target["id"]}
    touch = _alone(view, repo, issue)
    return Drawn("transfer_issue", given, Touch(touch.last | view.about(target, 0), touch.alone))
