"""What GitHub is asked to make: the App's manifest, from the one list of needs.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

from __future__ import annotations

import json

from bountyhub.integrations.github import needs
from bountyhub.settings import Settings

#: GitHub's names of Apps are unique; the person may change this one on GitHub's page.
LONGEST_NAME = 34


def manifest(ours: Settings, name: str) -> str:
    """JSON for the form that leads to GitHub."""
    site = ours.PUBLIC_URL
    return json.dumps(
        {
            "name": name[:LONGEST_NAME],
            "url": site,
            "description": "Fund an issue, merge the pull request, pay the developer.",
            "public": True,
            "hook_attributes": {"url": f"{site}/webhooks/github", "active": True},
            "redirect_url": f"{site}/operator/github/created",
            "callback_urls": [f"{site}/sign-in/github/callback"],
            "setup_url": f"{site}/github/installed",
            "setup_on_update": True,
            "default_permissions": needs.PERMISSIONS,
            "default_events": list(needs.EVENTS),
        }
    )
