"""Answers `/stripe/v1/…` as api.stripe.com does: key, version, parameters, idempotency, expansion, error shapes.

The views of the official client; what is done lies in `operations`.
"""

from __future__ import annotations

import hmac
import json
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from bountyhub.sandbox.context import Sandbox, current_sandbox
from bountyhub.sandbox.stripe import faults, idempotency, operations, records
from bountyhub.sandbox.stripe.call import API_VERSION, Call, working
from bountyhub.sandbox.stripe.errors import ApiError
from bountyhub.sandbox.stripe.expand import expand
from bountyhub.sandbox.stripe.forms import decode, read
from bountyhub.sandbox.stripe.ids import new_id
from bountyhub.sandbox.stripe.operation import Operation

Doc = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    original: str | None = None


def answer(rest: str) -> Response:
    """The one view: whatever happens, a Stripe-shaped answer."""
    request_id = new_id("req")
    try:
        given = _answer(current_sandbox(), f"/v1/{rest}", request_id)
    except faults.Broken:
        return faults.no_answer()
    except ApiError as error:
        given = _refusal(error, request_id)
    response = Response(given.body, given.status, mimetype="application/json")
    response.headers["Request-Id"] = request_id
    response.headers["Stripe-Version"] = API_VERSION
    if key := request.headers.get("Idempotency-Key"):
        response.headers["Idempotency-Key"] = key
    if given.original is not None:
        response.headers["Idempotent-Replayed"] = "true"
        response.headers["Original-Request"] = given.original
    return response


def _answer(sandbox: Sandbox, path: str, request_id: str) -> Answer:
    _check_key(sandbox.config.stripe_key)
    _check_headers(path)
    form = _form()
    found = operations.find(request.method, path)
    if found is None:
        raise ApiError(
            f"Unrecognized request URL ({request.method}: {path}). Please see https://stripe.com/docs or we can"
            " help at https://support.stripe.com/.",
            status=404,
            saved=False,
        )
    fault = faults.strike(sandbox, request.method, path)
    if fault is not None and fault not in faults.TAKES_EFFECT:
        raise faults.refusal(fault)
    done = _perform(sandbox, found, path, form, request_id)
    if fault is None:
        return done
    wrong = faults.refusal(fault)
    if isinstance(wrong, faults.Broken):
        raise wrong
    refused = _refusal(wrong, request_id)
    if fault == faults.ERROR_KEPT and (key := request.headers.get("Idempotency-Key")):
        _keep(sandbox, _ask(key, path, form), refused, request_id)
    return refused


def _perform(
    sandbox: Sandbox, found: tuple[Operation, tuple[str, ...]], path: str, form: str, request_id: str
) -> Answer:
    operation, ids = found
    params = read(operation.schema, decode(form))
    key = request.headers.get("Idempotency-Key")
    if request.method != "POST" or not key:
        return _run(sandbox, operation, ids, params, request_id, None)
    if len(key) > idempotency.LONGEST:
        raise ApiError("Idempotency keys must be at most 255 characters.", type="idempotency_error", saved=False)
    ask = _ask(key, path, form)
    with ExitStack() as stack:
        stack.enter_context(idempotency.alone(str(sandbox.config.database), key))
        with sandbox.store.transaction() as tx:
            kept = idempotency.earlier(tx, ask, sandbox.clock.real())
        if kept is not None:
            return Answer(kept.status, kept.body, kept.request_id)
        return _run(sandbox, operation, ids, params, request_id, ask)


def _ask(key: str, path: str, form: str) -> idempotency.Ask:
    return idempotency.Ask(key, path, "&".join(sorted(form.split("&"))))


def _run(
    sandbox: Sandbox,
    operation: Operation,
    ids: tuple[str, ...],
    params: Doc,
    request_id: str,
    ask: idempotency.Ask | None,
) -> Answer:
    """Act and keep the answer in one transaction; a refusal is kept after what it did was undone."""
    paths = params.pop("expand", [])
    try:
        account = request.headers.get("Stripe-Account", "")
        with working(sandbox, request_id, None if ask is None else ask.key, account) as call:
            given = _act(call, operation, ids, params, paths, request_id)
            _keep(sandbox, ask, given, request_id)
            return given
    except ApiError as error:
        refusal = _refusal(error, request_id)
        if error.saved:
            _keep(sandbox, ask, refusal, request_id)
        return refusal


def _act(
    call: Call, operation: Operation, ids: tuple[str, ...], params: Doc, paths: list[str], request_id: str
) -> Answer:
    """A refusal that left something behind (a charge that was declined) is an answer: nothing of it is undone."""
    try:
        body = expand(call.tx, records.shown(operation.run(call, params, *ids)), paths)
    except ApiError as error:
        if not error.acted:
            raise
        return _refusal(error, request_id)
    return Answer(200, json.dumps(body, indent=2))


def _keep(sandbox: Sandbox, ask: idempotency.Ask | None, given: Answer, request_id: str) -> None:
    if ask is None:
        return
    with sandbox.store.transaction() as tx:
        kept = idempotency.Kept(given.status, given.body, request_id)
        idempotency.keep(tx, ask, kept, sandbox.clock.real())


def _refusal(error: ApiError, request_id: str) -> Answer:
    return Answer(error.status, json.dumps(error.body(request_id), indent=2))


def _form() -> str:
    if request.method == "POST":
        return request.get_data(as_text=True)
    return request.query_string.decode("utf-8", "replace")


def _check_key(expected: str) -> None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not key:
        raise ApiError(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using"
            " Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
            status=401,
            saved=False,
        )
    if not hmac.compare_digest(key.encode(), expected.encode()):
        masked = key[:3] + "*" * max(0, len(key) - 7) + key[-4:] if len(key) > 7 else "*" * len(key)
        raise ApiError(f"Invalid API Key provided: {masked}", status=401, saved=False)


def _check_headers(path: str) -> None:
    """One version is spoken, and (but for payouts, which connected accounts have too) for the platform only."""
    version = request.headers.get("Stripe-Version", API_VERSION)
    if version != API_VERSION:
        raise ApiError(f"Invalid Stripe API version: {version}. Only {API_VERSION} is spoken here.", saved=False)
    on_payouts = request.method == "GET" and path.startswith("/v1/payouts")
    if (account := request.headers.get("Stripe-Account")) and not on_payouts:
        raise ApiError(
            f"The provided key does not have access to account '{account}' (or that account does not exist)."
            " Application access may have been revoked.",
            code="account_invalid",
            status=403,
            saved=False,
        )
