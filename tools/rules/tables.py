"""Nobody writes another feature's tables but through its operations.

Found in the syntax tree: a model of another feature being made, given to insert, update or delete, deleted
through the session, or given a new value in an attribute. A variable counts as a model where its annotation,
or the `session.get(Model, …)` it came from, says so.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.source import Fault, Source

Models = dict[str, str]  # dotted name of the class → its feature
Function = ast.FunctionDef | ast.AsyncFunctionDef
WRITERS = {"insert", "update", "delete"}
FETCHERS = {"get", "get_one", "scalar", "scalar_one"}


def check(sources: list[Source]) -> Iterator[Fault]:
    """Every write to a table from outside its feature."""
    python = [s for s in sources if s.is_python and s.under("bountyhub", "worker")]
    models = _models(python)
    for source in python:
        names = _names(source.tree, models)
        foreign = {name: model for name, model in names.items() if models[model] != source.feature}
        for line, model, how in _writes(source.tree, foreign):
            owner, name = models[model], model.rsplit(".", 1)[1]
            message = f"{how} {name}: only bountyhub.{owner} writes its tables, call its operations"
            yield Fault(source.path, line, message)


def _models(sources: list[Source]) -> Models:
    """Every class with a `__tablename__`, by its dotted name and by its package's (`…models.Task`)."""
    found: Models = {}
    for source in sources:
        for node in source.tree.body:
            if isinstance(node, ast.ClassDef) and _has_table(node):
                found[f"{source.module}.{node.name}"] = source.feature
                package, separator, _ = source.module.partition(".models.")
                if separator:
                    found[f"{package}.models.{node.name}"] = source.feature
    return found


def _has_table(node: ast.ClassDef) -> bool:
    targets = [t for s in node.body if isinstance(s, ast.Assign) for t in s.targets]
    targets += [s.target for s in node.body if isinstance(s, ast.AnnAssign)]
    return any(isinstance(t, ast.Name) and t.id == "__tablename__" for t in targets)


def _names(tree: ast.Module, models: Models) -> dict[str, str]:
    """How this file spells each model: `Task`, `task_models.Task`."""
    spelled: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            origin = [(alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names]
        elif isinstance(node, ast.Import):
            origin = [(alias.asname or alias.name, alias.name) for alias in node.names]
        else:
            continue
        for local, full in origin:
            spelled |= {local + name.removeprefix(full): name for name in models if _is_or_holds(full, name)}
    return spelled


def _is_or_holds(full: str, model: str) -> bool:
    return model == full or model.startswith(f"{full}.")


def _writes(tree: ast.Module, foreign: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _write_by_call(node, foreign)
        elif isinstance(node, Function):
            yield from _writes_to_variables(node, foreign)


def _write_by_call(node: ast.Call, foreign: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    called = ast.unparse(node.func)
    if called in foreign:
        yield node.lineno, foreign[called], "makes a"
    if called.rsplit(".", 1)[-1] in WRITERS and node.args and (name := ast.unparse(node.args[0])) in foreign:
        yield node.lineno, foreign[name], f"calls {called} on"


def _writes_to_variables(function: Function, foreign: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    variables = _variables(function, foreign)
    for node in ast.walk(function):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if (name := _owner(target)) in variables:
                    yield node.lineno, variables[name], f"assigns {ast.unparse(target)} of"
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".delete"):
            for name in (ast.unparse(argument) for argument in node.args):
                if name in variables:
                    yield node.lineno, variables[name], f"deletes {name}, a"


def _owner(target: ast.expr) -> str:
    return target.value.id if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) else ""


def _variables(function: Function, foreign: dict[str, str]) -> dict[str, str]:
    """The function's variables that hold a foreign model."""
    arguments = function.args
    annotated: list[tuple[str, ast.expr | None]] = [
        (argument.arg, argument.annotation)
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    ]
    for node in ast.walk(function):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            annotated.append((node.target.id, node.annotation))
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            annotated.append((node.targets[0].id, _fetched(node.value)))
    found = {}
    for name, annotation in annotated:
        for part in _parts(annotation):
            if part in foreign:
                found[name] = foreign[part]
    return found


def _fetched(value: ast.expr) -> ast.expr | None:
    """The `Model` of `session.get(Model, …)`."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in FETCHERS:
        return value.args[0] if value.args else None
    return None


def _parts(annotation: ast.expr | None) -> set[str]:
    """The alternatives of `Task | None`, also when written as a string."""
    if annotation is None:
        return set()
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return {part.strip() for part in annotation.value.split("|")}
    if isinstance(annotation, ast.BinOp):
        return _parts(annotation.left) | _parts(annotation.right)
    return {ast.unparse(annotation)}
