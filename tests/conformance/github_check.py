"""The verdict on one recorded GitHub line: request, answer or webhook. Called by `report` and the self-test.

`/repositories/{id}/…` is judged as `/repos/{owner}/{repo}/…`: GitHub answers both alike and uses the former in
its own paging links, but its description names only the latter.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import ValidationError

from tests.conformance.github_description import Schema, description, resolved, validator
from tests.conformance.github_graphql import check_graphql
from tests.conformance.github_token import check_token
from tests.conformance.lines import Line, Verdict, judge_refusal

BY_ID = re.compile(r"/repositories/\d+(?=/|$)")
BASIC_ERROR = {"$ref": "#/components/schemas/basic-error"}
VALIDATION_ERROR = {"$ref": "#/components/schemas/validation-error"}
REFUSALS = (400, 422)


def check_github(line: Line) -> Verdict:
    """Check a line of github.jsonl."""
    if line.kind == "webhook":
        return _check_webhook(line)
    if line.path == "/graphql":
        return check_graphql(line)
    if line.path == "/login/oauth/access_token":
        return check_token(line)
    return _check_rest(line)


def _check_rest(line: Line) -> Verdict:
    found = _operation(line.method, BY_ID.sub("/repos/owner/name", line.path))
    if found is None:
        return _without_operation(line)
    template, operation, in_path = found
    verdict = Verdict(f"{line.method} {template}")
    if line.status in REFUSALS:
        judge_refusal(line, verdict)
    if not verdict.refused:
        verdict.violations += _check_parameters(line, operation, in_path)
        verdict.violations += _check_body(line.body, operation)
    verdict.violations += _check_answer(line, operation)
    return verdict


def _without_operation(line: Line) -> Verdict:
    name = f"{line.method} {line.path}"
    if line.status == 404 and line.nonsense:
        return Verdict(name, violations=_check(line.response, BASIC_ERROR, "answer"), refused=True)
    return Verdict(name, unchecked="the description has no such method and path")


@functools.cache
def _paths() -> list[tuple[re.Pattern[str], str]]:
    """Every path of the description as a pattern; those with fewer placeholders first.

    At the end again those with a placeholder for several segments (a file's path, a branch), the longest first.
    """
    templates = sorted(description()["paths"], key=lambda template: (template.count("{"), template))
    patterns = [(_pattern(template), template) for template in templates]
    deep = {template: names for template in templates if (names := _multi_segment(template))}
    longest = sorted(deep, key=len, reverse=True)
    return patterns + [(_pattern(template, deep[template]), template) for template in longest]


def _multi_segment(template: str) -> set[str]:
    """The placeholders that the description lets stand for text with slashes."""
    operations = [part for part in description()["paths"][template].values() if isinstance(part, dict)]
    parameters = [resolved(one) for operation in operations for one in operation.get("parameters", [])]
    return {one["name"] for one in parameters if one.get("x-multi-segment") and f"{{{one['name']}}}" in template}


def _pattern(template: str, deep: Collection[str] = ()) -> re.Pattern[str]:
    def group(match: re.Match[str]) -> str:
        return f"(?P<{match[1]}>{'.+' if match[1] in deep else '[^/]+'})"

    return re.compile(re.sub(r"\{(\w+)\}", group, template))


def _operation(method: str, path: str) -> tuple[str, Schema, dict[str, str]] | None:
    for pattern, template in _paths():
        match = pattern.fullmatch(path)
        item = description()["paths"][template]
        if match and method.lower() in item:
            return template, item[method.lower()], match.groupdict()
    return None


def _check_parameters(line: Line, operation: Schema, in_path: dict[str, str]) -> list[str]:
    declared = [resolved(parameter) for parameter in operation.get("parameters", [])]
    sent = {"path": in_path, "query": dict(parse_qsl(line.query, keep_blank_values=True))}
    known = {p["name"] for p in declared if p["in"] == "query"}
    found = [f"unknown parameter {name}" for name in sent["query"] if name not in known]
    for parameter in declared:
        value = sent.get(parameter["in"], {}).get(parameter["name"])
        if value is None:
            missing = parameter.get("required") and parameter["in"] in sent
            found += [f"missing parameter {parameter['name']}"] if missing else []
        else:
            schema = resolved(parameter["schema"])
            found += _check(_coerced(value, schema), schema, f"parameter {parameter['name']}")
    return found


def _coerced(value: str, schema: Schema) -> Any:
    """A query text as the value its schema asks for; left as text when it is none."""
    kind = schema.get("type")
    if kind == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    return value.split(",") if kind == "array" else value


def _check_body(body: Any, operation: Schema) -> list[str]:
    declared = resolved(operation.get("requestBody", {}))
    schema = _json_schema(declared)
    if schema is None:
        return [f"unknown parameter {name}: the operation takes no body" for name in body or ()]
    if body is None:
        return ["missing parameter: the operation needs a body"] if declared.get("required") else []
    return _check(body, schema, "body")


def _check_answer(line: Line, operation: Schema) -> list[str]:
    """An error that the description gives no shape, or does not list, must have GitHub's basic one."""
    if line.status is None or line.status == 304:
        return [] if line.response is None else ["answer: a 304 has no body"]
    declared = operation["responses"].get(str(line.status))
    schema = _json_schema(resolved(declared or {}))
    if schema is not None:
        return _check(line.response, schema, "answer")
    if line.status >= 300:
        return _check(line.response, VALIDATION_ERROR if line.status == 422 else BASIC_ERROR, "answer")
    if declared is None:
        return [f"answer: the description knows no status {line.status}"]
    return [] if line.response is None else ["answer: the description says it has no body"]


def _check_webhook(line: Line) -> Verdict:
    event = str(line.event).split(".")[0]
    action = line.body.get("action") if isinstance(line.body, dict) else None
    name = f"{event}-{action}" if action else event
    known = description()["x-webhooks"].get(name.replace("_", "-"))
    verdict = Verdict(f"webhook {event}.{action}" if action else f"webhook {event}")
    if known is None:
        verdict.unchecked = "the description has no such webhook"
        return verdict
    schema = _json_schema(known["post"]["requestBody"])
    if schema is not None:
        verdict.violations = _check(line.body, schema, "body")
    return verdict


def _json_schema(part: Schema) -> Schema | None:
    for kind, content in part.get("content", {}).items():
        if "json" in kind and "schema" in content:
            schema: Schema = content["schema"]
            return schema
    return None


def _check(value: Any, schema: Schema, where: str) -> list[str]:
    errors = validator(json.dumps(schema, sort_keys=True)).iter_errors(value)
    return sorted({_sentence(leaf, where) for error in errors for leaf in _leaves(error)})


def _leaves(error: ValidationError) -> list[ValidationError]:
    """The error itself; of a choice, the complaints of the member that complains of the right type and least."""
    members: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        members.setdefault(inner.schema_path[0], []).append(inner)
    if not members:
        return [error]
    nearest = min(members.values(), key=lambda inner: (any(_is_other_type(one) for one in inner), len(inner)))
    return [leaf for inner in nearest for leaf in _leaves(inner)]


def _is_other_type(error: ValidationError) -> bool:
    return error.validator == "type" and len(error.relative_path) == 0


def _sentence(error: ValidationError, where: str) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    return f"{where}{path}: {_what(error)}"


def _what(error: ValidationError) -> str:
    if error.validator == "required":
        return f"missing {error.message.split(' is a required')[0]}"
    if error.validator in ("additionalProperties", "unevaluatedProperties"):
        return f"unknown: {error.message[:200]}"
    return f"mistyped ({error.validator}): {error.message[:160]}"
