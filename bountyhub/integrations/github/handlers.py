"""Stored deliveries of GitHub, handed to the bot: its words for events are GitHub's. Importing this registers it."""

from __future__ import annotations

import json

from bountyhub import settings
from bountyhub.bot.handlers import carry_out
from bountyhub.events import inbox
from bountyhub.events.models import InboxEvent
from bountyhub.events.registry import Run
from bountyhub.integrations.github import deliveries


@inbox.handles("github")
def handle(run: Run, event: InboxEvent) -> None:
    """Carry out a delivery; finished in the transaction of what it changed."""
    ours = settings.current()
    app = {"app_id": ours.GITHUB_APP_ID, "slug": ours.GITHUB_APP_SLUG}
    carry_out(run, deliveries.parse(event.event, json.loads(event.body), **app))
