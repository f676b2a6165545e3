"""Reads a GraphQL query: operation, variables, selections with aliases, arguments, directives-free fragments.

Small but real: what it cannot read it refuses, instead of guessing. Used by `graphql.py` only.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(
    r"\s+|,|#[^\n]*|(?P<token>\.\.\.|[!$():=@\[\]{|}]|\"(?:[^\"\\\n]|\\.)*\"|-?\d+(?:\.\d+)?|[_A-Za-z]\w*)"
)


class QueryError(Exception):
    """The query cannot be read or asks for something unknown; becomes an entry of `errors`."""


@dataclass
class Field:
    """`on` is the type of the inline fragment the field stands in, if any."""

    name: str
    alias: str
    arguments: dict[str, Any] = field(default_factory=dict)
    selections: list[Field] = field(default_factory=list)
    on: str | None = None


def parse(query: str, variables: dict[str, Any]) -> list[Field]:
    """The selections of the query's one operation, with variables put in."""
    reader = _Reader(_tokens(query), variables)
    selections = reader.operation()
    if not reader.done():
        raise QueryError(f"Unexpected {reader.peek()}")
    return selections


def _tokens(query: str) -> list[str]:
    tokens, at = [], 0
    while at < len(query):
        match = TOKEN.match(query, at)
        if match is None:
            raise QueryError(f"Unexpected character {query[at]!r}")
        if match["token"]:
            tokens.append(match["token"])
        at = match.end()
    return tokens


class _Reader:
    def __init__(self, tokens: list[str], variables: dict[str, Any]) -> None:
        self._tokens, self._at, self._variables = tokens, 0, dict(variables)

    def done(self) -> bool:
        return self._at >= len(self._tokens)

    def peek(self) -> str:
        return "end of query" if self.done() else self._tokens[self._at]

    def take(self, wanted: str | None = None) -> str:
        token = self.peek()
        if self.done() or (wanted is not None and token != wanted):
            raise QueryError(f"Expected {wanted or 'more'}, found {token}")
        self._at += 1
        return token

    def operation(self) -> list[Field]:
        if self.peek() == "mutation":
            raise QueryError("Mutations are not supported")
        if self.peek() == "query":
            self.take()
            if self.peek() not in ("(", "{"):
                self.take()
            self._declarations()
        return self._selections(None)

    def _declarations(self) -> None:
        """`($id: ID!, $first: Int = 10)`: only the default values matter here."""
        if self.peek() != "(":
            return
        self.take("(")
        while self.peek() != ")":
            self.take("$")
            name = self.take()
            self.take(":")
            while self.peek() not in ("$", ")", "="):
                self.take()
            if self.peek() == "=":
                self.take("=")
                self._variables.setdefault(name, self._value())
            self._variables.setdefault(name, None)
        self.take(")")

    def _selections(self, on: str | None) -> list[Field]:
        self.take("{")
        found: list[Field] = []
        while self.peek() != "}":
            found += self._fragment() if self.peek() == "..." else [self._field(on)]
        self.take("}")
        return found

    def _fragment(self) -> list[Field]:
        self.take("...")
        self.take("on")
        return self._selections(self.take())

    def _field(self, on: str | None) -> Field:
        name = alias = self.take()
        if self.peek() == ":":
            self.take(":")
            name = self.take()
        arguments = self._arguments()
        selections = self._selections(None) if self.peek() == "{" else []
        return Field(name, alias, arguments, selections, on)

    def _arguments(self) -> dict[str, Any]:
        arguments: dict[str, Any] = {}
        if self.peek() != "(":
            return arguments
        self.take("(")
        while self.peek() != ")":
            name = self.take()
            self.take(":")
            arguments[name] = self._value()
        self.take(")")
        return arguments

    def _value(self) -> Any:
        token = self.take()
        if token == "$":
            return self._variable(self.take())
        if token == "[":
            items = []
            while self.peek() != "]":
                items.append(self._value())
            self.take("]")
            return items
        words = {"true": True, "false": False, "null": None}
        if token in words:
            return words[token]
        # Strings and numbers are written as in JSON; a bare word is an enum value.
        return json.loads(token) if token[0] in '"-0123456789' else token

    def _variable(self, name: str) -> Any:
        if name not in self._variables:
            raise QueryError(f"Variable ${name} is used but not declared")
        return self._variables[name]
