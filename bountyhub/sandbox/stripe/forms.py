"""Reads Stripe's form encoding (`a[b][0][c]=v`) and checks it against a schema as strictly as the real service.

A schema maps names to rules; a rule turns the raw value into a checked one or raises the refusal. Used by `api`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from bountyhub.sandbox.stripe.errors import bad_param, missing_param, unknown_param

Doc = dict[str, Any]
Parse = Callable[[Any, str], Any]


@dataclass(frozen=True)
class Rule:
    """How one parameter is read; `parse` gets the raw value and the full name for messages."""

    parse: Parse
    required: bool = False


Schema = Mapping[str, Rule]


def decode(form: str) -> Doc:
    """Pairs to nested dictionaries; lists stay dictionaries keyed by their index."""
    tree: Doc = {}
    for key, value in parse_qsl(form, keep_blank_values=True):
        parts = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", key)
        node = tree
        for part in parts[:-1]:
            node = node.setdefault(part, {})
            if not isinstance(node, dict):
                raise bad_param(f"Invalid parameter: {key}", key)
        if parts:
            node[parts[-1] or str(len(node))] = value
    return tree


def read(schema: Schema, raw: Doc, prefix: str = "") -> Doc:
    """The checked parameters that were given; unknown and missing ones are refused."""
    unknown = [_name(prefix, name) for name in raw if name not in schema]
    if unknown:
        raise unknown_param(unknown)
    for name, rule in schema.items():
        if rule.required and name not in raw:
            raise missing_param(_name(prefix, name))
    return {name: schema[name].parse(value, _name(prefix, name)) for name, value in raw.items()}


def text(longest: int = 5000, required: bool = False) -> Rule:
    def parse(value: Any, name: str) -> str:
        if not isinstance(value, str):
            raise bad_param(f"Invalid string: {value}", name)
        if not value:
            raise bad_param(
                f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a"
                f" parameter; however '{name}' cannot be unset. You should remove '{name}' from your request or"
                " supply a non-empty value.",
                name,
                "parameter_invalid_empty",
            )
        if len(value) > longest:
            raise bad_param(f"Invalid string: must be at most {longest} characters", name)
        return value

    return Rule(parse, required)


def whole(least: int | None = None, required: bool = False) -> Rule:
    def parse(value: Any, name: str) -> int:
        if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,15}", value):
            raise bad_param(f"Invalid integer: {value}", name, "parameter_invalid_integer")
        if least is not None and int(value) < least:
            raise bad_param(f"This value must be greater than or equal to {least}.", name, "parameter_invalid_integer")
        return int(value)

    return Rule(parse, required)


def flag(required: bool = False) -> Rule:
    def parse(value: Any, name: str) -> bool:
        if value not in ("true", "false"):
            raise bad_param(f"Invalid boolean: {value}", name)
        return bool(value == "true")

    return Rule(parse, required)


def one_of(*choices: str, required: bool = False) -> Rule:
    def parse(value: Any, name: str) -> str:
        if value not in choices:
            raise bad_param(f"Invalid {name}: must be one of {', '.join(choices)}", name)
        return str(value)

    return Rule(parse, required)


def matching(pattern: str, message: str, code: str | None = None, required: bool = False) -> Rule:
    """Text that fits a pattern; `{value}` in the message is what was sent."""

    def parse(value: Any, name: str) -> str:
        if not isinstance(value, str) or len(value) > 5000 or not re.fullmatch(pattern, value):
            raise bad_param(message.format(value=value), name, code)
        return value

    return Rule(parse, required)


def web_address(required: bool = False) -> Rule:
    return matching(r"https?://[^\s/]+\S*", "Not a valid URL", "url_invalid", required)


def email(required: bool = False) -> Rule:
    return matching(r"[^@\s]+@[^@\s]+\.[^@\s.]+", "Invalid email address: {value}", "email_invalid", required)


def group(schema: Schema, required: bool = False) -> Rule:
    def parse(value: Any, name: str) -> Doc:
        if not isinstance(value, dict):
            raise bad_param("Invalid object", name)
        return read(schema, value, name)

    return Rule(parse, required)


def many(each: Rule, required: bool = False) -> Rule:
    def parse(value: Any, name: str) -> list[Any]:
        if not isinstance(value, dict) or not all(key.isdigit() for key in value):
            raise bad_param("Invalid array", name)
        return [each.parse(value[key], f"{name}[{key}]") for key in sorted(value, key=int)]

    return Rule(parse, required)


def metadata() -> Rule:
    """At most 50 keys of 40 characters with 500 characters of text each; an empty value unsets its key."""

    def parse(value: Any, name: str) -> dict[str, str]:
        if value == "":
            return {}
        if not isinstance(value, dict):
            raise bad_param("Invalid object", name)
        if len(value) > 50:
            raise bad_param("Metadata can have at most 50 keys.", name)
        for key, words in value.items():
            if not isinstance(words, str) or len(key) > 40 or len(words) > 500:
                raise bad_param(f"Invalid metadata: {key}", f"{name}[{key}]")
        return {key: words for key, words in value.items() if words != ""}

    return Rule(parse)


def moment_range() -> Rule:
    """A unix time, or bounds `gt gte lt lte` around it."""
    bounds = {bound: whole() for bound in ("gt", "gte", "lt", "lte")}

    def parse(value: Any, name: str) -> Doc:
        if isinstance(value, dict):
            return read(bounds, value, name)
        exact = whole().parse(value, name)
        return {"gte": exact, "lte": exact}

    return Rule(parse)


EXPAND: dict[str, Rule] = {"expand": many(text())}
PAGE: dict[str, Rule] = EXPAND | {
    "limit": whole(1),
    "starting_after": text(),
    "ending_before": text(),
    "created": moment_range(),
}


def _name(prefix: str, name: str) -> str:
    return f"{prefix}[{name}]" if prefix else name
