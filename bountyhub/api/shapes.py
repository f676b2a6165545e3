"""How values are written in JSON: amounts in minor units with currency, moments in UTC, never an e-mail address."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bountyhub import settings
from bountyhub.kit.money import Money
from bountyhub.projects.rules import Pause
from bountyhub.work.listing import Listed
from bountyhub.work.next_step import NextStep

Json = dict[str, Any]


def amount(money: Money) -> Json:
    """`{"amount_minor": 2500, "currency": "EUR"}`."""
    return {"amount_minor": money.amount, "currency": money.currency}


def moment(value: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return value.isoformat() if value else None


def step(value: NextStep) -> Json:
    """The next-step sentence, as on the page."""
    return {"text": value.text, "detail": value.detail, "by": moment(value.by), "who": value.who}


def paused(value: Pause | None) -> Json | None:
    """Why a project takes no new money for now, and until when where that is known."""
    return {"reason": value.reason, "until": moment(value.until)} if value is not None else None


def url(path: str) -> str:
    """A full address of this site."""
    return f"{settings.current().PUBLIC_URL}{path}"


def listed(row: Listed) -> Json:
    """A task as every list shows it."""
    task, repository = row.task, row.repository
    return {
        "id": task.id,
        "url": url(f"/tasks/{task.id}"),
        "api_url": url(f"/api/v1/tasks/{task.id}"),
        "title": task.title,
        "labels": task.labels,
        "state": task.state.value,
        "ends_at": moment(task.ends_at),
        "held": amount(row.held),
        "promised": amount(row.promised),
        "backers": row.backers,
        "interested": row.interested,
        "next_step": step(row.next_step),
        "project": {
            "id": row.project.id,
            "name": row.project.name,
            "licence": row.project.licence,
            "paused": paused(row.project.pause),
        },
        "repository": {"full_name": repository.full_name, "url": repository.url},
        "issue": {
            "number": task.issue_number,
            "url": f"{repository.url}/issues/{task.issue_number}",
            "author": row.author or None,
        },
        "created_at": moment(task.created_at),
    }
