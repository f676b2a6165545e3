"""A running GitHub stand-in for tests: one waitress with the blueprint, and an ear for its webhooks."""

from __future__ import annotations

import json
import queue
import threading
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import requests
from flask import Flask
from github import Auth, Github, GithubIntegration
from waitress.server import create_server

from bountyhub.sandbox import github, home
from bountyhub.sandbox.config import SandboxConfig
from bountyhub.sandbox.context import Sandbox, current_sandbox
from bountyhub.sandbox.recording import RecordExchanges
from bountyhub.sandbox.server import run_loop

GITHUB_SETTINGS: dict[str, Any] = {
    "timeout": 10,
    "retry": None,
    "seconds_between_requests": None,
    "seconds_between_writes": None,
}


@dataclass(frozen=True)
class Heard:
    """One webhook as it came in."""

    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        return cast(dict[str, Any], json.loads(self.raw))

    @property
    def name(self) -> str:
        action = self.body.get("action")
        return self.headers["X-GitHub-Event"] + (f".{action}" if action else "")


class Ear:
    """Listens for webhooks on a free port; `status` is what it answers."""

    def __init__(self) -> None:
        self.status = 202
        self._heard: queue.Queue[Heard] = queue.Queue()
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                # Noted before it is answered: the next one is sent after the answer, so the order stays.
                ear._heard.put(Heard(dict(self.headers), raw))
                self.send_response(ear.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def next(self) -> Heard:
        """The next webhook; waits up to five seconds for it."""
        return self._heard.get(timeout=5)

    def names(self, count: int) -> list[str]:
        return [self.next().name for _ in range(count)]

    def nothing(self) -> bool:
        return self._heard.empty()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Hub:
    """What tests talk to: addresses, PyGithub clients and the control endpoints."""

    url: str
    config: SandboxConfig
    sandbox: Sandbox
    ear: Ear
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def api(self) -> str:
        return f"{self.url}/github/api/v3"

    def do(self, action: str, **given: Any) -> dict[str, Any]:
        """A control action that must succeed."""
        answer = self.try_to(action, **given)
        assert answer.status_code == 200, answer.text
        return cast(dict[str, Any], answer.json())

    def try_to(self, action: str, **given: Any) -> requests.Response:
        renamed = {name.removesuffix("_"): value for name, value in given.items()}
        return self.session.post(f"{self.url}/github/control/{action}", json=renamed, timeout=10)

    def app(self) -> GithubIntegration:
        auth = Auth.AppAuth(self.config.github_app_id, self.config.github_app_private_key)
        return GithubIntegration(auth=auth, base_url=self.api, **GITHUB_SETTINGS)

    def install(self, account: str = "ana", *repos: str) -> Github:
        """Install on the account and act as the installation; its webhooks are taken out of the ear."""
        made = self.do("install", account=account, repos=list(repos))
        assert self.ear.next().name == "installation.created"
        return self.app().get_github_for_installation(made["id"])

    def get(self, path: str, token: str | None = None, **headers: str) -> requests.Response:
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return self.session.get(self.api + path, headers=headers, timeout=10, allow_redirects=False)

    def send(self, method: str, path: str, token: str, **json_body: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return self.session.request(
            method, self.api + path, json=json_body, headers=headers, timeout=10, allow_redirects=False
        )

    def token(self, account: str = "ana") -> str:
        """An installation token; the App must be installed there."""
        installation = self.app().get_user_installation(account)
        return self.app().get_access_token(installation.id).token


class Browser:
    """A person at the pages: keeps cookies, follows redirects but not off the stand-in."""

    def __init__(self, hub: Hub, login: str = "") -> None:
        self._hub, self._session = hub, requests.Session()
        if login:
            self.press("/switch", login=login)

    def open(self, path: str) -> requests.Response:
        return self._session.get(f"{self._hub.url}/github{path}", timeout=10)

    def page(self, path: str) -> str:
        answer = self.open(path)
        assert answer.status_code == 200, (answer.status_code, path)
        return answer.text

    def press(self, path: str, **form: Any) -> requests.Response:
        """Send a form; the answer itself, not where it leads."""
        url = f"{self._hub.url}/github{path}"
        return self._session.post(url, data=form, timeout=10, allow_redirects=False)

    def go(self, path: str, **form: Any) -> str:
        """Send a form that must succeed; where it leads, without the host."""
        answer = self.press(path, **form)
        assert answer.status_code == 303, (answer.status_code, answer.text[-400:])
        return answer.headers["Location"].removeprefix("/github")


@cache
def _wired() -> Flask:
    """Compiling the routes takes long, so it is done once."""
    app = Flask("bountyhub.sandbox.app")  # for its folder of style sheets, to which every page links
    app.register_blueprint(github.blueprint)
    app.register_blueprint(home.blueprint)
    app.context_processor(lambda: {"app_url": current_sandbox().config.app_url})
    _ = app.jinja_env
    return app


class Serving:
    """Waitress in a thread around an app that holds nothing but the blueprint."""

    def __init__(self, sandbox_of: Any, recorded: Path | None) -> None:
        app = copy(_wired())
        channels: dict[int, Any] = {}
        served = app if recorded is None else RecordExchanges(app.wsgi_app, recorded)
        server: Any = create_server(served, map=channels, host="127.0.0.1", port=0, threads=4)
        self.url = f"http://127.0.0.1:{server.effective_port}"
        self.sandbox: Sandbox = sandbox_of(self.url)
        app.extensions = {"sandbox": self.sandbox}
        with self.sandbox.store.transaction() as tx:
            github.seed(tx, self.sandbox.clock)
        self._close = run_loop(server, channels)
        self.sandbox.sender.start()

    def stop(self) -> None:
        self._close()
        self.sandbox.sender.stop()
        self.sandbox.store.close()
