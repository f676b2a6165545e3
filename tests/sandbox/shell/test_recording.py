"""Recorded lines: official paths, whole bodies, webhooks, and whole lines from several writers at once."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client, EnvironBuilder
from werkzeug.wrappers import Request, Response

from bountyhub.sandbox.config import SandboxConfig
from bountyhub.sandbox.context import Sandbox
from bountyhub.sandbox.deliveries import enqueue
from bountyhub.sandbox.recording import RecordExchanges, append


def _lines(folder: Path, source: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{source}.jsonl").read_text().splitlines()]


def _echo(folder: Path) -> Client:
    """A recorded application that answers what it was sent."""

    @Request.application
    def echo(request: Request) -> Response:
        got = {"got": request.get_data(as_text=True)}
        return Response(json.dumps(got), status=201, mimetype="application/json")

    return Client(RecordExchanges(echo, folder))


def test_a_form_is_recorded_under_the_official_path_and_reaches_the_application(tmp_path: Path) -> None:
    answer = _echo(tmp_path).post("/stripe/v1/refunds?a=1", data={"charge": "ch_1"})
    assert answer.json == {"got": "charge=ch_1"}
    assert _lines(tmp_path, "stripe") == [
        {
            "kind": "exchange", "event": None, "method": "POST", "path": "/v1/refunds", "query": "a=1",
            "form": "charge=ch_1", "body": None, "status": 201, "response": {"got": "charge=ch_1"},
        }
    ]  # fmt: skip


def test_json_bodies_are_recorded_as_values(tmp_path: Path) -> None:
    _echo(tmp_path).post("/github/api/v3/repos/ana/lamp/issues", json={"title": "x"})
    line = _lines(tmp_path, "github")[0]
    assert (line["path"], line["body"], line["form"]) == ("/repos/ana/lamp/issues", {"title": "x"}, None)


def test_graphql_and_the_token_exchange_are_recorded(tmp_path: Path) -> None:
    client = _echo(tmp_path)
    client.post("/github/api/graphql", json={"query": "{viewer{login}}"})
    client.post("/github/login/oauth/access_token", data={"code": "c"})
    assert [line["path"] for line in _lines(tmp_path, "github")] == ["/graphql", "/login/oauth/access_token"]


def test_pages_are_not_recorded(tmp_path: Path) -> None:
    _echo(tmp_path).get("/github/ana/lamp")
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_is_not_json_is_kept_as_text(tmp_path: Path) -> None:
    client = Client(RecordExchanges(Response("gone wrong", status=500), tmp_path))
    assert client.open(EnvironBuilder("/stripe/v1/balance")).text == "gone wrong"
    assert _lines(tmp_path, "stripe")[0]["response"] == "gone wrong"


def test_the_sandbox_records_when_it_is_told_a_folder(client: FlaskClient, config: SandboxConfig) -> None:
    client.get("/stripe/v1/balance", headers={"Authorization": f"Bearer {config.stripe_key}"})
    assert config.record_dir is not None
    assert _lines(config.record_dir, "stripe")[0]["path"] == "/v1/balance"


def test_a_webhook_is_recorded_with_the_answer_it_got(app: Flask, config: SandboxConfig) -> None:
    sandbox: Sandbox = app.extensions["sandbox"]
    with sandbox.store.transaction() as tx:
        for waiting in tx.all("delivery", ref="waiting"):
            tx.delete("delivery", waiting["id"])
        delivery = enqueue(tx, "github", "ping", '{"zen":"Keep it logically awesome."}', retry=False)
    sandbox.sender._send(delivery)
    assert config.record_dir is not None
    line = _lines(config.record_dir, "github")[-1]
    assert (line["kind"], line["event"], line["status"]) == ("webhook", "ping", 200)
    assert line["body"] == {"zen": "Keep it logically awesome."}


def test_lines_of_several_writers_stay_whole(tmp_path: Path) -> None:
    def write(letter: str) -> None:
        for _ in range(50):
            append(tmp_path, "stripe", {"text": letter * 20_000})

    writers = [threading.Thread(target=write, args=(letter,)) for letter in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    texts = [line["text"] for line in _lines(tmp_path, "stripe")]
    assert len(texts) == 200 and all(len(set(text)) == 1 for text in texts)
