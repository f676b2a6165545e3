"""Settings of an instance on this machine: what is not in the environment is made once and kept in its folder."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bountyhub import settings
from bountyhub.kit import ids
from bountyhub.sandbox.config import SandboxConfig
from bountyhub.sandbox.github.seeding import OPERATOR
from bountyhub.settings import Settings, SettingsError, split_secrets
from bountyhub.settings.app_file import data_dir

SECRETS = "secrets.json"


def folder() -> Path:
    """Where this instance keeps its files: DATA_DIR, by default `var` in the current folder."""
    return data_dir()


def settings_here() -> Settings:
    """The settings of the instance that runs here: the environment's own, or the local one's if it names none."""
    if "STRIPE_SECRET_KEY" in os.environ and "DATABASE_URL" in os.environ:
        return settings.load()
    if not (folder() / SECRETS).exists():
        raise SettingsError(f"DATA_DIR: no instance in {folder()}. Start one there with: bountyhub serve")
    return local_settings()


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Be the only one of these processes in the instance's folder; raises SettingsError when there is one already."""
    with (folder() / f"{what}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(f"DATA_DIR: bountyhub {what} runs already in {folder()}.") from None
        yield


def local_settings() -> Settings:
    """Settings of an instance on the sandboxes; each may be overridden by the environment."""
    port = _port()
    sandbox = os.environ.get("SANDBOX_URL", f"http://127.0.0.1:{port + 1}").rstrip("/")
    known = {name: value for name, value in values_in(folder(), port, sandbox).items() if name not in os.environ}
    return settings.load(**known)


def values_in(folder: Path, port: int, sandbox: str) -> dict[str, Any]:
    """What an instance in this folder and on this port takes where its environment says nothing."""
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'bountyhub.db'}",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PORT": port,
        "STRIPE_API_BASE": f"{sandbox}/stripe",
        "GITHUB_API_URL": f"{sandbox}/github/api/v3",
        "GITHUB_WEB_URL": f"{sandbox}/github",
        "SMTP_URL": f"mailbox+{sandbox}/mailbox/messages",
        "SANDBOX_URL": sandbox,
        "FRESH_DAYS": 0,
        "PAYOUT_HOLD_HOURS": 0,
        "GITHUB_COMMENT_PAUSE": 1,
        "OPERATORS": [OPERATOR[2]],
        "LOG_LEVEL": "WARNING",
        **_secrets(folder),
    }


def _port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdigit() or not 1 <= int(text) <= 65534:
        raise SettingsError("These settings are missing or wrong:\n  PORT: write a number from 1 to 65534")
    return int(text)


def _secrets(folder: Path) -> dict[str, str]:
    """Made once, readable by this user alone; of two that begin at the same time, both use the first one's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / SECRETS
    if not path.exists():
        fresh = path.with_name(f"{SECRETS}.{ids.new_ref()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(_new_secrets(), file)
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def _new_secrets() -> dict[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return {
        "SECRET_KEY": ids.new_secret(),
        "STRIPE_SECRET_KEY": f"{settings.SANDBOX_KEY}{ids.new_ref(24)}",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{ids.new_secret()}",
        "GITHUB_APP_ID": "100001",
        "GITHUB_APP_PRIVATE_KEY": pem.decode(),
        "GITHUB_WEBHOOK_SECRET": ids.new_secret(),
        "GITHUB_CLIENT_ID": f"Iv1.{ids.new_ref(16)}",
        "GITHUB_CLIENT_SECRET": ids.new_secret(),
    }


def sandbox_config(here: Settings, *, url: str | None = None, app_url: str | None = None) -> SandboxConfig:
    """What the sandboxes are told, so that both sides know the same secrets."""
    record = os.environ.get("RECORD_EXCHANGES")
    return SandboxConfig(
        url=url or here.SANDBOX_URL,
        app_url=app_url or here.PUBLIC_URL,
        database=folder() / "sandbox.db",
        stripe_key=here.STRIPE_SECRET_KEY.get_secret_value(),
        stripe_webhook_secret=split_secrets(here.STRIPE_WEBHOOK_SECRET.get_secret_value())[0],
        github_app_id=int(here.GITHUB_APP_ID),
        github_app_private_key=here.GITHUB_APP_PRIVATE_KEY.get_secret_value(),
        github_webhook_secret=here.GITHUB_WEBHOOK_SECRET.get_secret_value(),
        github_client_id=here.GITHUB_CLIENT_ID,
        github_client_secret=here.GITHUB_CLIENT_SECRET.get_secret_value(),
        record_dir=Path(record) if record else None,
    )
