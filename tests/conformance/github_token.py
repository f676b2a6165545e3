"""The OAuth token exchange, which GitHub's API description does not hold: a small schema written by hand.

Sources: the page "Generating a user access token for a GitHub App" of GitHub's documentation for parameters and
answer, and "Troubleshooting OAuth app access token request errors" for the error answer, which also has status
200. Used by `github_check`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator

from tests.conformance.lines import Line, Verdict

OPERATION = "POST /login/oauth/access_token"
TEXT = {"type": "string", "minLength": 1}

PARAMETERS = ("client_id", "client_secret", "code", "redirect_uri", "code_verifier", "repository_id", "state")
ERRORS = ("bad_verification_code", "incorrect_client_credentials", "redirect_uri_mismatch")


def _closed(required: tuple[str, ...], properties: dict[str, Any]) -> dict[str, Any]:
    made = {"type": "object", "required": list(required), "properties": properties}
    return made | {"additionalProperties": False}


# `grant_type` is OAuth's own (RFC 6749, section 4.1.3), which clients send and GitHub ignores.
REQUEST = _closed(
    ("client_id", "client_secret", "code"),
    dict.fromkeys(PARAMETERS, TEXT) | {"grant_type": {"const": "authorization_code"}},
)
TOKEN = _closed(
    ("access_token", "scope", "token_type"),
    {
        "access_token": {"type": "string", "pattern": "^gh[uo]_"},
        "token_type": {"const": "bearer"},
        "scope": {"type": "string"},
        "expires_in": {"type": "integer"},
        "refresh_token": {"type": "string", "pattern": "^ghr_"},
        "refresh_token_expires_in": {"type": "integer"},
    },
)
ERROR = _closed(
    ("error", "error_description", "error_uri"),
    {"error": {"enum": list(ERRORS)}, "error_description": TEXT, "error_uri": TEXT},
)


def check_token(line: Line) -> Verdict:
    """Check an exchange of a code for a token."""
    verdict = Verdict(f"{line.method} {line.path}")
    sent = line.body or dict(parse_qsl(line.form or "", keep_blank_values=True))
    failed = isinstance(line.response, dict) and "error" in line.response
    verdict.violations += _complaints(sent, REQUEST, "form")
    verdict.violations += _complaints(_answer(line.response), ERROR if failed else TOKEN, "answer")
    if line.status != 200:
        verdict.violations.append(f"answer: status {line.status}, GitHub's is 200 even for an error")
    return verdict


def _answer(response: Any) -> Any:
    """The members of an answer; without `Accept: application/json` it is a form."""
    return dict(parse_qsl(response, keep_blank_values=True)) if isinstance(response, str) else response


def _complaints(value: Any, schema: dict[str, Any], where: str) -> list[str]:
    errors = Draft202012Validator(schema).iter_errors(value)
    return [f"{where}{''.join(f'.{step}' for step in error.absolute_path)}: {error.message}" for error in errors]
