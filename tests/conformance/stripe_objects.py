"""Checks Stripe's answers and webhook objects against the library's resource classes.

A field the class does not know, one that it requires and that is absent, and one of another type are violations.
The classes mark nullable and optional alike as Optional, so an absent Optional field is allowed. Used by
`stripe_check`.
"""

from __future__ import annotations

import typing
from decimal import Decimal
from typing import Any

import typing_extensions
from stripe._object_classes import OBJECT_CLASSES, get_object_class
from stripe._stripe_object import StripeObject, UntypedStripeObject

from tests.conformance.stripe_types import arms, fields, resolve, without_open_text

JSON_TYPES: dict[Any, tuple[type, ...]] = {
    str: (str,),
    int: (int,),
    float: (int, float),
    bool: (bool,),
    Decimal: (str,),
}


def check_object(value: Any, annotation: Any, module: str, where: str) -> list[str]:
    """Violations of one JSON value against an annotation that is to be read in `module`."""
    members = without_open_text(arms(annotation, module))
    if value is None and type(None) in members:
        return []
    results = [_check_member(value, member, module, where) for member in members if member is not type(None)]
    return min(results, key=len, default=[f"{where}: must be null"])


def check_event_data(data: dict[str, Any], where: str) -> list[str]:
    """Violations of what an event carries, against the class that the object's own `object` field names."""
    value, before = data.get("object"), data.get("previous_attributes")
    name = value.get("object") if isinstance(value, dict) else None
    if name not in OBJECT_CLASSES:
        return [f"{where}.object: unknown object {name!r}"]
    kind: type = get_object_class("V1", str(name))
    changed = before if isinstance(before, dict) else {}
    unknown = [f"{where}.previous_attributes: unknown field {each}" for each in changed if each not in fields(kind)]
    return check_object(value, kind, "stripe", f"{where}.object") + unknown


def _check_member(value: Any, kind: Any, module: str, where: str) -> list[str]:
    kind = resolve(kind, module)
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return []
    if origin in (typing.Literal, typing_extensions.Literal):
        return (
            [] if any(value == word and type(value) is type(word) for word in inner) else [_wrong(where, value, kind)]
        )
    if origin is list:
        return _check_items(value, inner[0], module, where)
    if origin is dict or (origin or kind) is UntypedStripeObject:
        return _check_mapping(value, inner[-1] if inner else Any, module, where)
    if isinstance(origin, type) and issubclass(origin, StripeObject):
        return _check_page(value, origin, inner[0], module, where)
    if isinstance(kind, type) and issubclass(kind, StripeObject):
        return _check_resource(value, kind, where)
    return _check_scalar(value, kind, where)


def _check_resource(value: Any, kind: type, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [_wrong(where, value, kind)]
    known = fields(kind)
    if value.get("deleted") is True and "deleted" in known:
        known = {name: known[name] for name in ("id", "object", "deleted")}
    found = [f"{where}: unknown field {name}" for name in value if name not in known]
    for name, (annotation, module) in known.items():
        if name in value:
            found += check_object(value[name], annotation, module, f"{where}.{name}")
        elif type(None) not in arms(annotation, module):
            found.append(f"{where}: missing field {name}")
    return found


def _check_page(value: Any, origin: type, item: Any, module: str, where: str) -> list[str]:
    """A ListObject[…] or SearchResultObject[…]: its own fields, then each member."""
    if not isinstance(value, dict):
        return [_wrong(where, value, origin)]
    known = {"object", *fields(origin)}
    found = [f"{where}: unknown field {name}" for name in value if name not in known]
    found += [f"{where}: missing field {name}" for name in ("object", "data", "has_more", "url") if name not in value]
    for name, right in (("object", str), ("has_more", bool), ("url", str)):
        found += _check_scalar(value[name], right, f"{where}.{name}") if name in value else []
    return found + _check_items(value.get("data", []), item, module, f"{where}.data")


def _check_items(value: Any, item: Any, module: str, where: str) -> list[str]:
    if not isinstance(value, list):
        return [_wrong(where, value, list)]
    return [line for i, part in enumerate(value) for line in check_object(part, item, module, f"{where}[{i}]")]


def _check_mapping(value: Any, item: Any, module: str, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [_wrong(where, value, dict)]
    return [line for key, part in value.items() for line in check_object(part, item, module, f"{where}.{key}")]


def _check_scalar(value: Any, kind: Any, where: str) -> list[str]:
    allowed = JSON_TYPES.get(kind, ())
    right = isinstance(value, allowed) and (bool in allowed or not isinstance(value, bool))
    return [] if right else [_wrong(where, value, kind)]


def _wrong(where: str, value: Any, kind: Any) -> str:
    name = kind.__name__ if isinstance(kind, type) else str(kind)
    return f"{where}: mistyped field, {str(value)[:80]!r} is not {name}"
