"""GraphQL exchanges against GitHub's own schema (npm's `@octokit/graphql-schema`): the question, its variables and
the answer's shape. Used by `github_check`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    build_schema,
    is_abstract_type,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values

from tests.conformance.lines import Line, Verdict
from tests.conformance.packaged import packaged

SCALARS: dict[str, tuple[type, ...]] = {"Int": (int,), "Float": (int, float), "Boolean": (bool,)}
Fragments = dict[str, FragmentDefinitionNode]


@functools.cache
def schema() -> GraphQLSchema:
    """GitHub's public schema; trusted, since building it takes long enough."""
    return build_schema(packaged("schema.graphql"), assume_valid=True)


def check_graphql(line: Line) -> Verdict:
    """Check a POST to /graphql; the operation is named by its top-level fields."""
    verdict = Verdict("POST /graphql")
    if not isinstance(line.body, dict) or not isinstance(line.body.get("query"), str):
        verdict.violations.append("body: missing query")
        return verdict
    if line.nonsense and _is_refusal(line.response):
        verdict.refused = True
        verdict.violations += _check_errors(line.response)
        return verdict
    unknown = set(line.body) - {"query", "variables", "operationName"}
    verdict.violations += [f"body: unknown {name}" for name in sorted(unknown)]
    try:
        document = parse(line.body["query"])
    except GraphQLError as error:
        verdict.violations.append(f"query: {error.message}")
        return verdict
    verdict.violations += [f"query: {error.message}" for error in validate(schema(), document)]
    if not verdict.violations:
        fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        asked = next(d for d in document.definitions if isinstance(d, OperationDefinitionNode))
        verdict.violations += _check_variables(asked, line.body.get("variables") or {})
        verdict.violations += _check_answer(line, asked, fragments)
    return verdict


def _check_variables(asked: OperationDefinitionNode, given: dict[str, Any]) -> list[str]:
    declared = {definition.variable.name.value for definition in asked.variable_definitions or ()}
    found = [f"variables: unknown {name}" for name in sorted(given.keys() - declared)]
    result = get_variable_values(schema(), asked.variable_definitions or (), given)
    if isinstance(result, list):
        found += [f"variables: {error.message}" for error in result]
    return found


def _check_answer(line: Line, asked: OperationDefinitionNode, fragments: Fragments) -> list[str]:
    answer = line.response
    if not isinstance(answer, dict) or line.status != 200:
        return [] if isinstance(answer, dict) and "message" in answer else ["answer: no object"]
    found = _check_errors(answer)
    if answer.get("data") is None:
        return found if answer.get("errors") else [*found, "answer: neither data nor errors"]
    root = schema().query_type if asked.operation.value == "query" else schema().mutation_type
    return found + _check(answer["data"], root, asked.selection_set, fragments, "data")


def _is_refusal(answer: Any) -> bool:
    return isinstance(answer, dict) and bool(answer.get("errors")) and answer.get("data") is None


def _check_errors(answer: dict[str, Any]) -> list[str]:
    found = [f"answer: unknown {name}" for name in sorted(answer.keys() - {"data", "errors", "extensions"})]
    for error in answer.get("errors", []):
        found += [] if isinstance(error.get("message"), str) else ["answer.errors: missing message"]
    return found


def _check(value: Any, kind: Any, chosen: SelectionSetNode | None, fragments: Fragments, where: str) -> list[str]:
    if isinstance(kind, GraphQLNonNull):
        wrong = [f"{where}: must not be null"]
        return wrong if value is None else _check(value, kind.of_type, chosen, fragments, where)
    if value is None:
        return []
    if isinstance(kind, GraphQLList):
        if not isinstance(value, list):
            return [f"{where}: mistyped, not a list"]
        parts = [_check(part, kind.of_type, chosen, fragments, f"{where}[{i}]") for i, part in enumerate(value)]
        return [line for part in parts for line in part]
    if chosen is None:
        return _check_leaf(value, kind, where)
    if is_abstract_type(kind):
        kind = _likeliest(value, kind, chosen, fragments)
    return _check_fields(value, kind, chosen, fragments, where)


def _likeliest(value: Any, kind: Any, chosen: SelectionSetNode, fragments: Fragments) -> GraphQLObjectType:
    """The possible type of an interface or union: the one it says it is, else that whose asked fields came."""
    came = value if isinstance(value, dict) else {}
    possible = schema().get_possible_types(kind)

    def unlike(one: GraphQLObjectType) -> tuple[bool, int]:
        asked = dict(_selected(one, chosen, fragments))
        return came.get("__typename") not in (None, one.name), len(came.keys() ^ asked.keys())

    return min(possible, key=unlike)


def _check_fields(
    value: Any, kind: GraphQLObjectType, chosen: SelectionSetNode, fragments: Fragments, where: str
) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: mistyped, not an object"]
    asked = dict(_selected(kind, chosen, fragments))
    found = [f"{where}: missing {name}" for name in asked.keys() - value.keys()]
    found += [f"{where}: unknown {name}" for name in value.keys() - asked.keys()]
    for name, field in asked.items():
        if name in value and field.name.value == "__typename":
            found += [] if value[name] == kind.name else [f"{where}: {value[name]!r} is not {kind.name}"]
        elif name in value:
            inner = kind.fields[field.name.value].type
            found += _check(value[name], inner, field.selection_set, fragments, f"{where}.{name}")
    return found


def _selected(
    kind: GraphQLObjectType, chosen: SelectionSetNode, fragments: Fragments
) -> Iterator[tuple[str, FieldNode]]:
    """The fields asked of an object of this type, those of the fragments that apply to it included."""
    for node in chosen.selections:
        if isinstance(node, FieldNode):
            yield (node.alias or node.name).value, node
            continue
        fragment = fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        if isinstance(fragment, InlineFragmentNode | FragmentDefinitionNode) and _applies(fragment, kind):
            yield from _selected(kind, fragment.selection_set, fragments)


def _applies(node: InlineFragmentNode | FragmentDefinitionNode, kind: GraphQLObjectType) -> bool:
    if node.type_condition is None:
        return True
    name = node.type_condition.name.value
    return name == kind.name or name in {interface.name for interface in kind.interfaces}


def _check_leaf(value: Any, kind: Any, where: str) -> list[str]:
    if isinstance(kind, GraphQLEnumType):
        return [] if value in kind.values else [f"{where}: {value!r} is not in {kind.name}"]
    allowed = SCALARS.get(kind.name, (str,))
    right = isinstance(value, allowed) and (kind.name == "Boolean" or not isinstance(value, bool))
    return [] if right else [f"{where}: mistyped, {value!r} is not {kind.name}"]
