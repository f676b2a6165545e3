"""Which method of the installed `stripe` library sends a request: HTTP method and path → parameters and answer.

Read from the library's own service modules; used by `stripe_check`.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass

import stripe


@dataclass(frozen=True)
class Operation:
    """`params` is the annotation of the service method's first argument, None when it takes none."""

    name: str
    method: str
    template: str
    params: str | None
    answer: str
    module: str


@functools.cache
def operations() -> list[tuple[re.Pattern[str], Operation]]:
    """Every v1 operation of the library; paths with fewer placeholders first, so that fixed words win."""
    found = [operation for module in _service_modules() for operation in _of_module(module)]
    found.sort(key=lambda operation: operation.template.count("{"))
    return [(_pattern(operation.template), operation) for operation in found]


def operation_of(method: str, path: str) -> Operation | None:
    """The library's operation for a request, None when the library could not have sent it."""
    for pattern, operation in operations():
        if operation.method == method.lower() and pattern.fullmatch(path):
            return operation
    return None


def _service_modules() -> Iterator[str]:
    for module in pkgutil.walk_packages(stripe.__path__, "stripe."):
        if module.name.endswith("_service") and ".v2" not in module.name:
            yield module.name


def _of_module(name: str) -> Iterator[Operation]:
    tree = ast.parse(inspect.getsource(importlib.import_module(name)))
    for service in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        for method in (node for node in service.body if isinstance(node, ast.FunctionDef)):
            operation = _of_method(name, service.name, method)
            if operation is not None and operation.template.startswith("/v1/"):
                yield operation


def _of_method(module: str, service: str, method: ast.FunctionDef) -> Operation | None:
    call = next((node for node in ast.walk(method) if _is_request(node)), None)
    if not isinstance(call, ast.Call):
        return None
    verb, path = call.args[0], call.args[1]
    if isinstance(path, ast.Call) and isinstance(path.func, ast.Attribute):
        path = path.func.value
    if not (isinstance(verb, ast.Constant) and isinstance(path, ast.Constant)):
        return None
    answer = ast.unparse(method.returns) if method.returns else "None"
    name = f"{service.removesuffix('Service')}.{method.name}"
    return Operation(name, str(verb.value), str(path.value), _params(method), answer, module)


def _is_request(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_request"


def _params(method: ast.FunctionDef) -> str | None:
    arguments = [*method.args.posonlyargs, *method.args.args]
    for argument in arguments:
        if argument.arg == "params" and argument.annotation is not None:
            return ast.unparse(argument.annotation)
    return None


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)))
