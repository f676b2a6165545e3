"""What every sandbox page and API call needs: configuration, store, webhook sender and clock.

Built once by `create_sandbox`; views reach it by `current_sandbox()`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from bountyhub.sandbox.clock import SandboxClock
from bountyhub.sandbox.config import SandboxConfig
from bountyhub.sandbox.deliveries import Sender
from bountyhub.sandbox.store import Store


@dataclass(frozen=True)
class Sandbox:
    config: SandboxConfig
    store: Store
    sender: Sender
    clock: SandboxClock


def current_sandbox() -> Sandbox:
    """The sandbox of the request being answered."""
    return cast(Sandbox, current_app.extensions["sandbox"])
