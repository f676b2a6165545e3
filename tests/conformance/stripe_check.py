"""The verdict on one recorded Stripe line: request, answer or webhook. Called by `report` and the self-test."""

from __future__ import annotations

import functools
import re
from typing import Any

import stripe

from tests.conformance.lines import Line, Verdict, judge_refusal
from tests.conformance.stripe_objects import check_event_data, check_object
from tests.conformance.stripe_operations import operation_of
from tests.conformance.stripe_params import check_params, parse_form
from tests.conformance.stripe_types import resolve

MALFORMED = re.compile(r"Invalid (array|object|string|integer|boolean|metadata|\w+: must be one of)")


def check_stripe(line: Line) -> Verdict:
    """Check a line of stripe.jsonl."""
    if line.kind == "webhook":
        return _check_webhook(line)
    operation = operation_of(line.method, line.path)
    if operation is None:
        return _without_operation(line)
    verdict = Verdict(f"{line.method} {operation.template}")
    if refused_for_parameters(line):
        judge_refusal(line, verdict)
    if not verdict.refused:
        sent = parse_form(line.query) | parse_form(line.form or "")
        verdict.violations += check_params(sent, operation.params, operation.module)
    verdict.violations += _check_answer(line, operation.answer, operation.module)
    return verdict


def refused_for_parameters(line: Line) -> bool:
    """Whether the sandbox itself refused the request as malformed."""
    error = _error(line.response)
    blamed = str(error.get("code") or "").startswith("parameter_")
    return line.status == 400 and (blamed or bool(MALFORMED.match(str(error.get("message")))))


def _without_operation(line: Line) -> Verdict:
    """A path the library does not know is unchecked, unless the sandbox said so to a test that wants to hear it."""
    name = f"{line.method} {line.path}"
    if line.nonsense and line.status == 404 and "Unrecognized request URL" in str(_error(line.response).get("message")):
        return Verdict(name, violations=_check_error(line.response), refused=True)
    return Verdict(name, unchecked="no operation of the library has this method and path")


def _check_answer(line: Line, answer: str, module: str) -> list[str]:
    if line.status != 200:
        return _check_error(line.response)
    return check_object(line.response, _answer_type(answer, module), module, "answer")


@functools.cache
def _answer_type(answer: str, module: str) -> Any:
    return resolve(answer, module)


def _check_error(answer: Any) -> list[str]:
    """The error shape: `{"error": {…}}` with the fields of the library's ErrorObject."""
    if not isinstance(answer, dict) or set(answer) != {"error"}:
        return ["answer: an error must be an object whose only field is 'error'"]
    return check_object(answer["error"], stripe.ErrorObject, "stripe", "answer.error")


def _error(answer: Any) -> dict[str, Any]:
    error = answer.get("error") if isinstance(answer, dict) else None
    return error if isinstance(error, dict) else {}


def _check_webhook(line: Line) -> Verdict:
    event = line.body if isinstance(line.body, dict) else {}
    verdict = Verdict(f"webhook {event.get('type', line.event)}")
    verdict.violations = check_object(line.body, stripe.Event, "stripe", "event")
    data = event.get("data")
    if isinstance(data, dict):
        verdict.violations += check_event_data(data, "event.data")
    return verdict
