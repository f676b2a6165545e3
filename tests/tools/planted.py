"""Plants a fault in a small tree and says which house rule noticed it; used by the tests beside it."""

from __future__ import annotations

from pathlib import Path

from tools.source import Fault, Rule, read_tree


def found_by(rule: Rule, root: Path, files: dict[str, str]) -> list[Fault]:
    """Write the files under `root` and run one rule over them."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(rule(read_tree(root)))


def places(faults: list[Fault]) -> list[str]:
    """Where the faults are: `bountyhub/work/views.py:3`."""
    return [f"{fault.path}:{fault.line}" for fault in faults]
