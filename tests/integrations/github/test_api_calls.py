"""The bar for a good citizen: what one funded, merged and paid issue costs GitHub, and how many comments it leaves.

Counted is whatever reaches the API from the application, with a token or without. An installation's token, which
serves all its issues for an hour, is counted beside them. Not counted is what looks through a whole repository by the
clock, however many issues it has: reconciliation.

`python -m tests.integrations.github.bar` prints the figure, which this test leaves in build.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import request
from sqlalchemy import select

from bountyhub import ports, settings
from bountyhub.events.models import OutboxJob
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Share
from bountyhub.people import operations as people
from bountyhub.ports.payments import PayeeAccount
from bountyhub.projects.models import Installation
from bountyhub.projects.rules import is_maintainer
from bountyhub.sandbox.github import access
from tests.builders.outside import PlayGateway
from tests.integrations.github.bar import FIGURE, HOURS, MOST
from tests.integrations.github.hub import Hub

#: What the application calls itself.
OURS = "bountyhub"
TOKEN_LIFE = timedelta(hours=1)
#: In the order of their queues, as a runner takes them.
NAMES = ("inbox.github", "funding.", "payouts.", "forge.", "work.")


class Loop:
    """Protocol time that only the test moves, and every request that reaches GitHub meanwhile."""

    def __init__(self, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hub, self.now, self.requests, self.tokens = hub, clock.real_now(), list[str](), list[str]()
        self._token_at = self.now
        with reading() as session:
            self._installation = session.scalars(select(Installation.forge_id)).one()
        authenticate: Callable[..., object] = access.authenticate

        def counting(world: object, token: str | None) -> object:
            if token is not None or request.user_agent.string == OURS:  # the tests themselves look as anybody else
                kept = self.tokens if request.path.endswith("/access_tokens") else self.requests
                kept.append(f"{request.method} {request.path.partition('/api/')[2]}")
            return authenticate(world, token)

        monkeypatch.setattr(clock, "real_now", self._real_now)
        monkeypatch.setattr(access, "authenticate", counting)

    def _real_now(self) -> datetime:
        return self.now

    def later(self, wait: timedelta) -> None:
        """Time passes, then everything that is due is done, what moves money first."""
        self.now += wait
        if self.now - self._token_at >= TOKEN_LIFE:
            self._token_at = self.now
            clients = self.hub.forge._clients
            clients.forget(clients.installation(self._installation))
        self.deliver()

    def deliver(self) -> None:
        """Webhooks arrive; what follows is done as far as it is due."""
        hub = self.hub
        for told in hub.deliveries():
            hub.posted.add(told["id"])
            assert hub.post(told["event"].partition(".")[0], told["body"].encode(), told["id"]) == 202
        while (row := self._next()) is not None:
            hub.run(row)

    def _next(self) -> OutboxJob | None:
        due = OutboxJob.finished_at.is_(None) & OutboxJob.every.is_(None) & (OutboxJob.run_at <= self.now)
        with reading() as session:
            rows = session.scalars(select(OutboxJob).where(due).order_by(OutboxJob.priority, OutboxJob.id)).all()
        return next((row for row in rows if row.name.startswith(NAMES)), None)


def connect_bo(hub: Hub) -> None:
    """Bo can be paid, by a processor that does at once what it is asked."""
    ports.use(gateway=PlayGateway(), forge=hub.forge, mailer=ports.mailer())
    with transaction() as session:
        bo = people.sign_in_with_forge(session, hub.person("bo"), "bo@example.test")
        payee = payouts.ask_account(session, bo)
        payouts.record_account(session, PayeeAccount("acct_bo", "FR", "EUR", True, True), reference=payee.ref)


def test_one_funded_merged_and_paid_issue_is_cheap_and_quiet(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.use(settings.current().model_copy(update={"GITHUB_COMMENT_PAUSE": 10}))
    connect_bo(hub)
    loop = Loop(hub, monkeypatch)
    assert is_maintainer(hub.forge.permission(hub.repository().forge_id, hub.person("ana")))  # the page asks first
    task = hub.open_task()
    loop.deliver()
    loop.later(timedelta(hours=1))
    hub.fund(task)
    loop.later(timedelta(minutes=1))
    number = hub.pull()
    loop.later(timedelta(hours=5))
    hub.github.do("merge", repo="ana/inkwell", number=number)
    loop.later(timedelta(seconds=1))
    loop.later(timedelta(minutes=1))
    with reading() as session:
        assert [str(share.state) for share in session.scalars(select(Share))] == ["paid"]
    said = hub.said(1)
    assert "paid" in said[0].lower()
    assert (len(said), hub.said(number)) == (1, [])
    assert len(loop.requests) <= MOST, loop.requests
    assert len(loop.tokens) <= HOURS, loop.tokens
    FIGURE.parent.mkdir(parents=True, exist_ok=True)
    found = {"requests": loop.requests, "tokens": loop.tokens, "on_issue": len(said), "on_pull": 0}
    FIGURE.write_text(json.dumps(found))
