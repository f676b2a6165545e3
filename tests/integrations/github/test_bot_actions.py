"""The label of funded issues, and that everything the bot does is written down."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest
import requests
from flask import request
from sqlalchemy import delete, select, update

from bountyhub.kit.database import reading, transaction
from bountyhub.projects.models import BotAction, BotVerb
from bountyhub.sandbox.github import access
from bountyhub.work.models import LabelState, StatusComment
from tests.integrations.github.hub import Hub


def labels(hub: Hub, number: int = 1) -> list[str]:
    url = f"{hub.github.url}/github/api/v3/repos/ana/inkwell/issues/{number}/labels"
    return [item["name"] for item in requests.get(url, timeout=10).json()]


def written(hub: Hub) -> list[tuple[int, str]]:
    with reading() as session:
        return [(row.number, str(row.what)) for row in session.scalars(select(BotAction).order_by(BotAction.id))]


# ---------------------------------------------------------------- the label


def test_the_label_is_put_on_while_money_is_held(hub: Hub) -> None:
    task = hub.open_task()
    before = labels(hub)
    hub.fund(task)
    hub.work()
    assert labels(hub) == before
    hub.label_funded()
    assert sorted(labels(hub)) == sorted([*before, "funded"])
    hub.label_funded(on=False)
    assert labels(hub) == before
    assert [what for _, what in written(hub)].count("label") == 1


def test_a_label_that_is_there_already_stays_as_it_is(hub: Hub) -> None:
    url = f"{hub.github.url}/github/api/v3/repos/ana/inkwell/labels/funded"
    task = hub.open_task()
    hub.do("label", number=1, name="Funded")
    before = requests.get(url, timeout=10).json()
    hub.fund(task)
    hub.label_funded()
    assert hub.status(task).comment.label is LabelState.THEIRS
    hub.label_funded(on=False)
    assert "Funded" in labels(hub)
    assert requests.get(url, timeout=10).json() == before


def test_a_label_that_was_taken_off_stays_off(hub: Hub) -> None:
    task = hub.open_task()
    hub.label_funded()
    hub.fund(task)
    hub.work()
    hub.deliver()
    assert hub.status(task).comment.label is LabelState.OURS
    hub.do("unlabel", number=1, name="funded")
    hub.fund(task)
    hub.work()
    assert "funded" not in labels(hub)


# ---------------------------------------------------------------- written down


def test_every_action_is_written_down_with_its_reason(hub: Hub) -> None:
    task = hub.open_task()
    hub.fund(task)
    hub.work()
    number = hub.pull()
    hub.deliver()
    comment = hub.comment(number, "/claim nonsense", "bo")
    assert written(hub)[:2] == [(1, "comment"), (1, "edit")]
    assert {(number, "check_run"), (number, "reaction"), (number, "reply")} <= set(written(hub))
    with reading() as session:
        rows = session.scalars(select(BotAction)).all()
    assert all(row.why and "@" not in row.why for row in rows)
    assert [row.why for row in rows if row.forge_id == comment] == ["Commands: /claim."]


#: What each kind of write is at GitHub. A label's name is made in the repository as part of putting it on.
WRITES = {
    ("POST", r"/issues/\d+/comments"): "comment or reply",
    ("PATCH", r"/issues/comments/\d+"): "edit",
    ("POST", r"/issues/comments/\d+/reactions"): "reaction",
    ("POST", r"/check-runs"): "check_run",
    ("PATCH", r"/check-runs/\d+"): "check_run",
    ("POST", r"/issues/\d+/labels"): "label",
    ("DELETE", r"/issues/\d+/labels/[^/]+"): "unlabel",
}
NOT_SEEN = (r"/access_tokens", r"/graphql", r"/labels")


def kind_of(method: str, path: str) -> str:
    """The kind of a write; empty for reads and for what nobody sees in a repository."""
    if method == "GET" or (
        method == "POST" and re.search(rf"({'|'.join(NOT_SEEN)})$", path) and "/issues/" not in path
    ):
        return ""
    return next(kind for (verb, end), kind in WRITES.items() if verb == method and re.search(end + "$", path))


def test_what_github_was_asked_is_what_is_written_down(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop with every kind of write: each request that changes something there has its row, and each row one."""
    asked: list[str] = []
    authenticate: Callable[..., object] = access.authenticate

    def noting(world: object, token: str | None) -> object:
        if token is not None and (kind := kind_of(request.method, request.path)):
            asked.append(kind)
        return authenticate(world, token)

    monkeypatch.setattr(access, "authenticate", noting)
    task = hub.open_task()
    hub.label_funded()
    hub.fund(task)
    hub.work()
    number = hub.pull()
    hub.deliver()
    hub.comment(number, "/claim nonsense", "bo")
    hub.fund(task)
    hub.work()
    hub.label_funded(on=False)
    kinds = [{"comment": "comment or reply", "reply": "comment or reply"}.get(what, what) for _, what in written(hub)]
    assert Counter(asked) == Counter(kinds)
    assert {what for _, what in written(hub)} == {str(verb) for verb in BotVerb}


def test_a_reply_and_a_comment_whose_answer_was_lost_are_written_down_too(hub: Hub) -> None:
    task = hub.open_task()
    comment = hub.comment(1, "/bountyhub help", "dara")
    with transaction() as session:  # as if the process had died before anything of the first try was kept
        session.execute(delete(BotAction))
        session.execute(update(StatusComment).values(comment_id=None, digest=""))
    hub.ask(
        "forge.answer", repository=hub.repository().forge_id, number=1, comment=comment, reaction="+1", reply="Yes."
    )
    hub.ask("forge.sync_comment", task=task)
    assert written(hub) == [(1, "reaction"), (1, "reply"), (1, "comment"), (1, "edit")]
    assert len(hub.said(1)) == 3
