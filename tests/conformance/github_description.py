"""GitHub's own API description (npm's `@octokit/openapi`), made strict enough to check against.

Used by `github_check`.
"""

from __future__ import annotations

import functools
import json
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.conformance.formats import FORMATS
from tests.conformance.packaged import packaged

KEPT = (
    "enum", "format", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum", "pattern", "required",
    "type", "uniqueItems",
)  # fmt: skip
Schema = dict[str, Any]
#: What `_mend` changes, as the report tells it.
MENDED = (
    "GET /app/installations: the listed installation is read as the description's own component",
    "POST …/labels: an array of labels is taken too, as the description's text says",
)


@functools.cache
def description() -> Schema:
    """The whole OpenAPI document of api.github.com at the pinned version."""
    document: Schema = json.loads(packaged("api.github.com.json"))
    _mend(document["paths"])
    return document


def _mend(paths: Schema) -> None:
    """The two places where the description contradicts itself."""
    listed = paths["/app/installations"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    # The installations of this list are spelled out in an older form than the document's own component has.
    listed["items"] = {"$ref": "#/components/schemas/installation"}
    labels = paths["/repos/{owner}/{repo}/issues/{issue_number}/labels"]["post"]["requestBody"]
    choices = labels["content"]["application/json"]["schema"]["oneOf"]
    # Its text says "You can also pass an `array` of labels directly", as PyGithub does; its schema forgets that.
    choices.append(choices[0]["properties"]["labels"])


def resolved(part: Schema) -> Schema:
    """Follow a `$ref` of the document (to a parameter, a response or a schema)."""
    while "$ref" in part:
        target: Any = description()
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        part = target
    return part


@functools.cache
def validator(schema_text: str, closed: bool = True) -> Draft202012Validator:
    """A validator for a schema of the document, given as JSON text so that it can be remembered."""
    schema = strict(json.loads(schema_text), closed)
    return Draft202012Validator(schema, registry=_registry(), format_checker=FORMATS)


@functools.cache
def _registry() -> Registry[Any]:
    """Every component schema twice: closed (undeclared properties refused) and open (for use inside allOf)."""
    resources: list[tuple[str, Resource[Any]]] = []
    for name, schema in description()["components"]["schemas"].items():
        for kind in ("closed", "open"):
            made = DRAFT202012.create_resource(strict(schema, kind == "closed"))
            resources.append((f"github:{kind}/{name}", made))
    return Registry().with_resources(resources)


def strict(schema: Schema, closed: bool = True) -> Schema:
    """An OpenAPI 3.0 schema as a JSON schema that also refuses properties which nobody declared.

    A member of `allOf`, or of a choice beside own properties, stays open itself: the whole is closed instead.
    """
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return {"$ref": f"github:{'closed' if closed else 'open'}/{name}"}
    made = {key: schema[key] for key in KEPT if key in schema}
    whole = "allOf" in schema or "properties" in schema
    choices = [key for key in ("allOf", "anyOf", "oneOf") if key in schema]
    made |= {key: [strict(member, closed and not whole) for member in schema[key]] for key in choices}
    if "properties" in schema:
        made["properties"] = {name: strict(part) for name, part in schema["properties"].items()}
    if "items" in schema:
        made["items"] = strict(schema["items"])
    made |= _closing(schema, whole and closed, bool(choices))
    return _nullable(made, bool(choices)) if schema.get("nullable") else made


def _closing(schema: Schema, closing: bool, has_choices: bool) -> Schema:
    others = schema.get("additionalProperties")
    if others is not None:
        return {"additionalProperties": strict(others) if isinstance(others, dict) else others}
    if not closing:
        return {}
    return {"unevaluatedProperties" if has_choices else "additionalProperties": False}


def _nullable(made: Schema, has_choices: bool) -> Schema:
    if has_choices:
        return {"anyOf": [{"type": "null"}, made]}
    if "type" in made:
        made["type"] = [made["type"], "null"]
    if "enum" in made:
        made["enum"] = [*made["enum"], None]
    return made
