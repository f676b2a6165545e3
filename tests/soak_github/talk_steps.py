"""What people write: talk, commands, and what they do to comments."""

from __future__ import annotations

from dataclasses import replace

from bountyhub.bot import texts
from tests.soak_github.kinds import Drawn, kind
from tests.soak_github.model import Touch
from tests.soak_github.view import Doc, View

NO_COMMANDS = ("Any news?", "`/claim #1`", "> /confirm", "I wrote /claim in the middle.")


@kind(4)
def talk(view: View) -> Drawn | None:
    found, who = view.item(pulls=view.chance(0.5)), view.who()
    if found is None or not who:
        return None
    repo, doc = found
    given = {"repo": repo["id"], "number": doc["number"], "body": view.rng.choice(NO_COMMANDS), "as": who["login"]}
    return Drawn("comment", given, Touch(view.about(repo, doc["number"])), named=True)


def _command(view: View, repo: Doc, number: int, body: str, who: Doc, issues: set[int]) -> Drawn | None:
    """Obeyed when it is heard, so nothing that it is about may happen in the same round.

    Lost, it is found where comments are polled: in repositories with live tasks.
    """
    if not who:
        return None
    numbers = {number, *issues}
    alone = {f"item:{repo['id']}:{one}" for one in numbers} | {f"links:{repo['id']}:{one}" for one in numbers}
    alone |= {f"stands:{repo['id']}:{one}" for one in numbers}
    last = view.about(repo, number, f"person:{who['id']}") - alone
    given = {"repo": repo["id"], "number": number, "body": body, "as": who["login"]}
    return Drawn("comment", given, Touch(last, frozenset(alone)), must_arrive=not view.is_watched(repo), named=True)


def _home(view: View, id: int) -> Doc | None:
    with view.instance.world() as world:
        return world.find_repo(id)


@kind(6)
def claim(view: View) -> Drawn | None:
    found = view.item(pulls=True, state=view.rng.choice(("open", "open", "closed")))
    if found is None:
        return None
    repo, pull = found
    ours = [number for home, number in view.tasks if home == repo["id"]] or [1]
    number = view.rng.choice(ours)
    with view.instance.world() as world:
        author = world.person(pull["author"])
    who = {} if author.get("deleted") else {"id": author["id"], "login": author["login"]}
    who = who if view.chance(0.9) else view.who()
    body = f"/claim #{number}" if view.chance(0.8) else "Mine.\n\n/claim"
    return _command(view, repo, pull["number"], body, who, {number, *view.refs(repo, pull)})


def _about_a_claim(view: View, body: str, who: Doc, *states: str) -> Drawn | None:
    found = view.choice(view.claims(*states))
    repo = _home(view, found[0]) if found else None
    if found is None or repo is None:
        return None
    return _command(view, repo, found[1], body, who, {found[2]})


@kind(4)
def confirm(view: View) -> Drawn | None:
    return _about_a_claim(view, "/confirm", view.who("ana", "ana", "eve", "dara"), "late", "late", "window")


@kind(3)
def unlink(view: View) -> Drawn | None:
    return _about_a_claim(view, "/unlink", view.who("ana", "eve", "bo"), "linked", "window", "late")


@kind(4)
def object_in_a_comment(view: View) -> Drawn | None:
    return _about_a_claim(view, "/object It breaks.", view.who("ana", "eve", "cleo", "dara"), "window", "blocked")


@kind(3)
def landed(view: View) -> Drawn | None:
    found, author = view.item(pulls=False), view.who("bo", "dara")
    if found is None or not author:
        return None
    repo, issue = found
    sha = repo["branches"][repo["default_branch"]][:10] if view.chance(0.7) else ""
    body = f"/landed @{author['login']} {sha}".strip()
    drawn = _command(view, repo, issue["number"], body, view.who("ana", "eve", "bo"), set())
    if drawn is None:
        return None
    named = drawn.touch.last | {f"person:{author['id']}"}  # a login means whoever has it when the command is heard
    return replace(drawn, touch=replace(drawn.touch, last=named))


@kind(3)
def ask_the_bot(view: View) -> Drawn | None:
    found = view.item(pulls=False)
    if found is None:
        return None
    repo, issue = found
    body = view.rng.choice(("/bounty 50 EUR", "/bounty", "/bountyhub help", "/bounty 5 USD", "/claim"))
    return _command(view, repo, issue["number"], body, view.who(), set())


@kind(3)
def edit_a_comment(view: View) -> Drawn | None:
    """Whatever an answered comment says now, it commands nothing; of another, only a late delivery would say so."""
    doc = view.choice([one for one in view.comments(own=False) if one["reactions"]])
    repo = _home(view, doc["repo"]) if doc else None
    name = _name(view, doc) if doc else ""
    if doc is None or repo is None or not name:
        return None
    key = f"item:{repo['id']}:{doc['number']}"
    given = {"repo": repo["id"], "comment": name, "body": view.rng.choice(("/confirm", "/unlink", "Never mind."))}
    touch = Touch(view.about(repo, doc["number"]) - {key}, frozenset([key]))
    return Drawn("edit_comment", given, touch)


@kind(2)
def delete_a_comment(view: View) -> Drawn | None:
    doc = view.choice(view.comments(own=False))
    repo = _home(view, doc["repo"]) if doc else None
    name = _name(view, doc) if doc else ""
    if doc is None or repo is None or not name:
        return None
    key = f"item:{repo['id']}:{doc['number']}"
    touch = Touch(view.about(repo, doc["number"]) - {key}, frozenset([key]))
    return Drawn("delete_comment", {"repo": repo["id"], "comment": name}, touch)


@kind(2)
def delete_the_status_comment(view: View) -> Drawn | None:
    """Who did it, only its delivery tells."""
    doc = view.choice([one for one in view.comments(own=True) if texts.MARKER in one["body"]])
    repo, who = _home(view, doc["repo"]) if doc else None, view.who("ana", "eve")
    if doc is None or repo is None or not who:
        return None
    number = doc["number"]
    alone = {f"item:{repo['id']}:{number}", f"links:{repo['id']}:{number}"}
    given = {"repo": repo["id"], "status_of": number, "as": who["login"]}
    touch = Touch(view.about(repo, number, f"person:{who['id']}") - alone, frozenset(alone))
    return Drawn("delete_comment", given, touch, must_arrive=True)


def _name(view: View, doc: Doc) -> str:
    return next((name for name, id in view.instance.comments.items() if id == doc["id"]), "")
