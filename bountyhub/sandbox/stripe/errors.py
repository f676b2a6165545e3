"""The refusals Stripe answers with, each with the status, type, code and wording of the real service.

Raised by the operations; rendered by `api` as JSON and by the checkout page as a sentence.
"""

from __future__ import annotations

from typing import Any

Doc = dict[str, Any]


class ApiError(Exception):
    """One refusal. `saved` says whether an idempotency key remembers it: only once the endpoint began to act.

    `acted`: what it did before it was refused stays (a charge that the bank declined).
    """

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int = 400,
        type: str = "invalid_request_error",
        saved: bool = True,
        more: Doc | None = None,
        acted: bool = False,
    ) -> None:
        super().__init__(message)
        self.message, self.code, self.param = message, code, param
        self.status, self.type, self.saved, self.more = status, type, saved, more or {}
        self.acted = acted

    def body(self, request_id: str) -> Doc:
        """The JSON answer."""
        error: Doc = {"message": self.message, "type": self.type}
        if self.code is not None:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        if self.param is not None:
            error["param"] = self.param
        error["request_log_url"] = f"https://dashboard.stripe.com/test/logs/{request_id}"
        return {"error": error | self.more}


def bad_param(message: str, param: str, code: str | None = None) -> ApiError:
    """Parameters that fail before anything was done: no idempotency key remembers this."""
    return ApiError(message, code=code, param=param, saved=False)


def unknown_param(names: list[str]) -> ApiError:
    listed = ", ".join(names)
    word = "parameter" if len(names) == 1 else "parameters"
    return bad_param(f"Received unknown {word}: {listed}", names[0], "parameter_unknown")


def missing_param(name: str) -> ApiError:
    return bad_param(f"Missing required param: {name}.", name, "parameter_missing")


def no_such(kind: str, id: str, param: str, status: int = 404) -> ApiError:
    """404 where the object is the address of the request, 400 where it is a parameter."""
    return ApiError(f"No such {kind}: '{id}'", code="resource_missing", param=param, status=status)
