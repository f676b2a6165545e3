"""Makes the annotations of the installed `stripe` library readable at run time.

Its modules import the types they name only while a type checker looks (`if TYPE_CHECKING:`), and name them as texts;
here those imports are carried out once per module. Used by the Stripe checkers.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import types
import typing
from typing import Any, ForwardRef

import typing_extensions

OPTIONAL_MARKS = (typing_extensions.NotRequired, typing_extensions.Required, typing.NotRequired, typing.Required)


@functools.cache
def namespace(module_name: str) -> dict[str, Any]:
    """Every name that annotations of this module may use, those for type checkers included."""
    module = importlib.import_module(module_name)
    names = dict(vars(typing)) | dict(vars(module))
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            imports = [part for part in node.body if isinstance(part, ast.Import | ast.ImportFrom)]
            code = compile(ast.Module(body=list(imports), type_ignores=[]), module_name, "exec")
            exec(code, names)
    return names


def resolve(annotation: Any, module_name: str) -> Any:
    """The type that a text, a forward reference or a NotRequired[…] stands for."""
    while True:
        if isinstance(annotation, ForwardRef):
            module_name = annotation.__forward_module__ or module_name
            annotation = annotation.__forward_arg__
        if isinstance(annotation, str):
            annotation = _evaluate(annotation, module_name)
        elif typing.get_origin(annotation) in OPTIONAL_MARKS:
            annotation = typing.get_args(annotation)[0]
        else:
            return annotation


@functools.cache
def _evaluate(text: str, module_name: str) -> Any:
    return eval(text, namespace(module_name))


def is_union(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (typing.Union, types.UnionType)


@functools.cache
def arms(annotation: Any, module_name: str) -> tuple[Any, ...]:
    """The members of a union, flattened and resolved; a type that is no union is its only member."""
    annotation = resolve(annotation, module_name)
    if not is_union(annotation):
        return (annotation,)
    return tuple(arm for member in typing.get_args(annotation) for arm in arms(member, module_name))


def without_open_text(members: tuple[Any, ...]) -> list[Any]:
    """Drop `str` beside Literals: the library leaves enumerations open for the future, we stay in the known ones."""
    has_words = any(
        typing.get_origin(member) in (typing.Literal, typing_extensions.Literal)
        and any(isinstance(word, str) and word for word in typing.get_args(member))
        for member in members
    )
    return [member for member in members if not (has_words and member is str)]


@functools.cache
def fields(resource: type) -> dict[str, tuple[Any, str]]:
    """The documented fields of a resource class: name → (annotation, module that it must be read in)."""
    found: dict[str, tuple[Any, str]] = {}
    for owner in reversed(resource.__mro__):
        for name, annotation in inspect.get_annotations(owner).items():
            if not name.startswith("_") and "ClassVar" not in str(annotation):
                found[name] = (annotation, owner.__module__)
    return found
