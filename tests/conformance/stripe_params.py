"""Checks form-encoded parameters against the library's generated parameter types (`stripe.params.*`).

Unknown, missing and mistyped parameters are violations, at any depth. Used by `stripe_check`.
"""

from __future__ import annotations

import re
import typing
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import typing_extensions
from stripe import RequestOptions
from stripe._stripe_object import StripeObject

from tests.conformance.stripe_types import arms, resolve, without_open_text

# Options travel in headers, never as parameters, although the library's types inherit them.
OPTIONS = frozenset(RequestOptions.__annotations__)
WRITTEN: dict[Any, str] = {
    int: r"-?\d+",
    float: r"-?\d+(\.\d+)?([eE][-+]?\d+)?",
    Decimal: r"-?\d+(\.\d+)?",
    bool: "true|false",
}


def parse_form(text: str) -> dict[str, Any]:
    """`a[b][0]=c` → {"a": {"b": {"0": "c"}}}; a name given twice keeps its last value, as at Stripe."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        steps = [step.rstrip("]") for step in name.split("[")]
        branch = tree
        for step in steps[:-1]:
            deeper = branch.setdefault(step, {})
            branch = deeper if isinstance(deeper, dict) else {}
        branch[steps[-1] or str(len(branch))] = value
    return tree


def check_params(sent: dict[str, Any], params: str | None, module: str) -> list[str]:
    """Violations of the parameters of one request against a service method's annotation."""
    if params is None:
        return [f"unknown parameter {name}: the operation takes none" for name in sent]
    typed = [arm for arm in arms(params, module) if typing_extensions.is_typeddict(arm)]
    return _check_typed_dict(sent, typed[0], "")


def _check_typed_dict(sent: dict[str, Any], kind: Any, where: str) -> list[str]:
    known = {name: annotation for name, annotation in kind.__annotations__.items() if name not in OPTIONS}
    found = [f"missing parameter {_in(where, name)}" for name in sorted(kind.__required_keys__ - sent.keys())]
    for name, value in sent.items():
        if name not in known:
            found.append(f"unknown parameter {_in(where, name)}")
        else:
            found += _check(value, known[name], kind.__module__, _in(where, name))
    return found


def _check(value: Any, annotation: Any, module: str, where: str) -> list[str]:
    """The violations under the union's best matching member."""
    members = without_open_text(arms(annotation, module))
    results = [_check_member(value, member, module, where) for member in members]
    return min(results, key=len)


def _check_member(value: Any, kind: Any, module: str, where: str) -> list[str]:
    kind = resolve(kind, module)
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return []
    if origin in (typing.Literal, typing_extensions.Literal):
        return [] if value in [_written(word) for word in inner] else [_mistyped(where, value, kind)]
    if origin in (list, typing.List):  # noqa: UP006 - compared, not used as an annotation
        return _check_list(value, inner[0], module, where)
    if typing_extensions.is_typeddict(kind):
        wrong = [_mistyped(where, value, kind)]
        return _check_typed_dict(value, kind, where) if isinstance(value, dict) else wrong
    if origin is dict or _is_untyped(kind):
        return _check_mapping(value, inner[-1], module, where)
    return _check_scalar(value, kind, where)


def _check_list(value: Any, item: Any, module: str, where: str) -> list[str]:
    if not isinstance(value, dict) or any(not key.isdigit() for key in value):
        return [_mistyped(where, value, "a list")]
    return [line for key, part in value.items() for line in _check(part, item, module, f"{where}[{key}]")]


def _check_mapping(value: Any, item: Any, module: str, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [_mistyped(where, value, "an object")]
    return [line for key, part in value.items() for line in _check(part, item, module, f"{where}[{key}]")]


def _check_scalar(value: Any, kind: Any, where: str) -> list[str]:
    if not isinstance(value, str):
        return [_mistyped(where, value, kind)]
    if kind is str or (kind in WRITTEN and re.fullmatch(WRITTEN[kind], value)):
        return []
    return [_mistyped(where, value, kind)]


def _is_untyped(kind: Any) -> bool:
    origin = typing.get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, StripeObject)


def _written(word: Any) -> str:
    return str(word).lower() if isinstance(word, bool) else str(word)


def _in(where: str, name: str) -> str:
    return f"{where}[{name}]" if where else name


def _mistyped(where: str, value: Any, kind: Any) -> str:
    name = getattr(kind, "__name__", str(kind)) if isinstance(kind, type) else str(kind)
    return f"mistyped parameter {where}: {str(value)[:80]!r} is not {name}"
