"""The conformance checker itself: right exchanges pass, and every planted fault is reported for what it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bountyhub.sandbox.recording import append
from tests.conformance.github_description import validator
from tests.conformance.lines import read_lines
from tests.conformance.report import report, tally
from tests.conformance.samples import GITHUB, GITHUB_EVENT, GRAPHQL, RIGHT, STRIPE, TOKEN, Record
from tests.conformance.self_test import FAULTS, UNKNOWN, Fault, noticed, planted, verdict_on


@pytest.mark.parametrize(("source", "record"), [(source, r) for source, rs in RIGHT.items() for r in rs])
def test_a_right_exchange_passes(source: str, record: Record) -> None:
    verdict = verdict_on(source, record)
    assert (verdict.violations, verdict.unchecked, verdict.refused) == ([], None, False)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.title)
def test_a_planted_fault_is_reported(fault: Fault) -> None:
    verdict = planted(fault)
    assert noticed(fault, verdict), verdict
    assert verdict.unchecked is None


@pytest.mark.parametrize("fault", UNKNOWN, ids=lambda fault: fault.title)
def test_what_nobody_describes_is_unchecked(fault: Fault) -> None:
    assert noticed(fault, planted(fault))


NOT_FOUND = {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}
UNKNOWN_COLOUR = {"type": "invalid_request_error", "code": "parameter_unknown", "message": "Unknown: colour"}
UNKNOWN_URL = {"type": "invalid_request_error", "message": "Unrecognized request URL (GET: /v1/gifts)."}
INVALID = {"message": "Validation Failed", "documentation_url": "https://docs.github.com/rest"}
REFUSED: list[tuple[str, Record]] = [
    ("stripe", STRIPE | {"form": "colour=red", "status": 400, "response": {"error": UNKNOWN_COLOUR}}),
    ("stripe", STRIPE | {"path": "/v1/gifts", "status": 404, "response": {"error": UNKNOWN_URL}}),
    ("github", GITHUB | {"body": {"body": 7, "colour": "red"}, "status": 422, "response": INVALID}),
    ("github", GITHUB | {"path": "/repos/a/b/invented", "status": 404, "response": NOT_FOUND}),
    ("github", GRAPHQL | {"body": {"query": "{ colour }"}, "response": {"errors": [{"message": "No colour."}]}}),
]


@pytest.mark.parametrize(("source", "record"), REFUSED)
def test_a_refused_request_is_a_fault_unless_its_test_meant_it(source: str, record: Record) -> None:
    found = verdict_on(source, record)
    assert (found.violations or found.unchecked) and not found.refused
    meant = verdict_on(source, record, nonsense=True)
    assert (meant.violations, meant.unchecked, meant.refused) == ([], None, True)


def test_the_parameters_of_a_refused_request_are_judged_too() -> None:
    found = verdict_on(*REFUSED[0]).violations
    assert "unknown parameter colour" in found and "missing parameter currency" in found


def test_what_was_meant_as_nonsense_and_was_taken_is_judged_like_anything_else() -> None:
    taken = STRIPE | {"form": "colour=red"}
    assert "unknown parameter colour" in verdict_on("stripe", taken, nonsense=True).violations


def test_the_answer_to_nonsense_is_still_judged() -> None:
    answer = {"error": UNKNOWN_COLOUR | {"colour": "red"}}
    record = REFUSED[0][1] | {"response": answer}
    assert verdict_on("stripe", record, nonsense=True).violations == ["answer.error: unknown field colour"]


def test_lines_of_tests_that_send_nonsense_are_read_as_such(tmp_path: Path) -> None:
    append(tmp_path, "stripe", STRIPE)
    append(tmp_path / "nonsense", "stripe", STRIPE)
    assert [(line.where, line.nonsense) for line in read_lines(tmp_path, "stripe")] == [
        ("stripe.jsonl:1", False), ("nonsense/stripe.jsonl:1", True),
    ]  # fmt: skip


def test_the_same_body_under_another_event_is_judged_by_itself(tmp_path: Path) -> None:
    append(tmp_path, "github", GITHUB_EVENT)
    append(tmp_path, "github", GITHUB_EVENT | {"event": "gift"})
    assert tally(tmp_path, "github").unchecked.total() == 1


def test_too_few_operations_fail_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "stripe.jsonl").write_text(json.dumps(STRIPE) + "\n")
    assert not report(tmp_path)
    printed = capsys.readouterr().out
    assert "POST /v1/transfers" in printed and "0 violations, 0 unchecked" in printed
    assert "only 1 operations were seen" in printed
    assert report(tmp_path, few=True)


def test_what_is_not_judged_by_the_description_is_said_and_not_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    append(tmp_path, "github", TOKEN)
    report(tmp_path)
    printed = capsys.readouterr().out
    assert "github: 1 lines, 0 operations" in printed
    assert "mended by hand, GET /app/installations" in printed and "judged by a schema written by hand" in printed


def test_a_number_above_its_maximum_is_mistyped() -> None:
    assert list(validator('{"type": "integer", "maximum": 100}').iter_errors(101))


def test_a_violation_fails_the_report_and_names_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "stripe.jsonl").write_text(json.dumps(STRIPE | {"form": "amount=1"}) + "\n")
    assert not report(tmp_path)
    assert "first at stripe.jsonl:1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/repos/ana/lamp/contents/.github/bountyhub.yml", "/repos/{owner}/{repo}/contents/{path}"),
        ("/repos/ana/lamp/commits/bo/patch/check-runs", "/repos/{owner}/{repo}/commits/{ref}/check-runs"),
        ("/repos/ana/lamp/commits/main", "/repos/{owner}/{repo}/commits/{ref}"),
    ],
)
def test_a_path_or_branch_with_slashes_is_known(path: str, template: str) -> None:
    missing = {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}
    record = {"kind": "exchange", "method": "GET", "path": path, "status": 404, "response": missing}
    verdict = verdict_on("github", record)
    assert (verdict.operation, verdict.violations, verdict.unchecked) == (f"GET {template}", [], None)


def test_a_path_that_is_too_long_stays_unchecked() -> None:
    record = {"kind": "exchange", "method": "GET", "path": "/repos/ana/lamp/labels/a/b", "status": 200, "response": {}}
    assert verdict_on("github", record).unchecked


def test_a_refused_value_may_say_which_field_it_was() -> None:
    errors = [{"resource": "CheckRun", "field": "conclusion", "code": "invalid"}]
    answer = {"message": "Validation Failed", "documentation_url": "https://docs.github.com/rest", "errors": errors}
    record = {"kind": "exchange", "method": "POST", "path": "/repos/ana/lamp/check-runs", "body": {"name": "x"}}
    refused = record | {"status": 422, "response": answer}
    assert verdict_on("github", refused, nonsense=True).violations == []
    wrong = answer | {"errors": [{"colour": "red"}]}
    assert verdict_on("github", refused | {"response": wrong}, nonsense=True).violations


def test_a_token_may_come_as_a_form() -> None:
    token = "access_token=gho_1&scope=read%3Auser&token_type=bearer"
    assert verdict_on("github", TOKEN | {"response": token}).violations == []
    assert verdict_on("github", TOKEN | {"response": token.replace("bearer", "pear")}).violations
