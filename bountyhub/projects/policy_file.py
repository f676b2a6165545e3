"""Reads the text of `.github/bountyhub.yml`: a policy, or what is wrong on which line and what to write instead.

Pure. YAML is taken as data and nothing else: no tags, no anchors or aliases (which could grow without end), no key
twice, four levels, 16 KiB. A key that isn't known is only a warning, so that a newer file works with an older site.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bountyhub.projects.rules import branch_names
from bountyhub.projects.rules_policy import CLAIMS, LARGEST_CUT, LONGEST_WINDOW, MOST_ATTEMPTS, WINDOW_DAYS, Policy

PATH = ".github/bountyhub.yml"
LONGEST = 16_384
DEEPEST = 4
MOST_ITEMS = 20
LONGEST_LABEL = 50
#: Of errors and of warnings each, so that a file can't make us talk without end.
MOST_REMARKS = 20
SPOKEN = ("en", "de")
ODD = "There is a character that no text has: remove it."
#: What a database takes in no text, and control characters, which can be spelled in quotes.
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_YES, _NO = {"yes", "true", "on"}, {"no", "false", "off"}
_CUT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))? ?%?")
#: What GitHub lets an account be called: https://docs.github.com/en/admin/identity-and-access-management
_LOGIN = re.compile(r"@?([A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}(?:_[A-Za-z0-9]{1,20})?)")


@dataclass(frozen=True)
class Remark:
    """An error or a warning: its line (from 1), the key it is about ("" for the whole file), and what to write."""

    line: int
    key: str
    text: str


@dataclass(frozen=True)
class Reading:
    """What a file says; `policy` is None where it has an error. `lines`: where each decider is named."""

    policy: Policy | None
    errors: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)


class _Wrong(Exception):
    """One value that can't be; `node` is where it stands."""

    def __init__(self, text: str, node: Node | None = None) -> None:
        super().__init__(text)
        self.text, self.node = text, node


def parse(text: str) -> Reading:
    """Every error of the file at once; never raises for what a file can hold."""
    try:
        root = _compose(text)
    except _Refused as refusal:
        return Reading(None, (Remark(refusal.line, "", refusal.text),))
    if root is None or (isinstance(root, ScalarNode) and root.tag == "tag:yaml.org,2002:null"):
        return Reading(Policy())
    if not isinstance(root, MappingNode):
        return Reading(None, (Remark(_line(root), "", "The file has to be a list of keys: write “bounties: yes”."),))
    return _read(root)


# ------------------------------------------------------------ YAML as data


class _Refused(Exception):
    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line, self.text = line, text


def _compose(text: str) -> Node | None:
    if len(text.encode("utf-8", "replace")) > LONGEST:
        raise _Refused(1, f"The file is longer than {LONGEST // 1024} KiB: make it shorter.")
    try:
        _look_through(text)
        node: Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _Refused(mark.line + 1 if mark else 1, f"This is no YAML: {error.problem or error.context}.") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, max(error.position, 0)) + 1
        raise _Refused(line, ODD) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # also of numbers that are no character's
        raise _Refused(1, "This is no YAML.") from error
    return node


def _look_through(text: str) -> None:
    """Before anything is built of it: what isn't plain data is refused."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        assert event.start_mark is not None
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _Refused(line, "Anchors and aliases (& and *) aren't read: write the value out.")
        if getattr(event, "tag", None) is not None:
            raise _Refused(line, "Tags (!) aren't read: write the plain value.")
        if isinstance(event, yaml.ScalarEvent) and _ODD.search(event.value):
            raise _Refused(line, ODD)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise _Refused(line, "This is nested too deeply: no key needs more than a list.")


# ------------------------------------------------------------ keys


def _read(root: MappingNode) -> Reading:
    errors: list[Remark] = []
    warnings: list[Remark] = []
    seen: dict[str, int] = {}
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key_node, node in root.value:
        key, line = _key(key_node), _line(key_node)
        if key in seen:
            text = f"“{key}” stands on line {seen[key]} already: keep one of the two."
            errors.append(Remark(line, key, text))
            continue
        seen[key] = line
        if key not in READERS:
            warnings.append(Remark(line, key[:60], _unknown(key)))
            continue
        try:
            values[key] = READERS[key](node)
        except _Wrong as wrong:
            errors.append(Remark(_line(wrong.node or node), key, wrong.text))
        if key == "deciders" and key in values and isinstance(node, SequenceNode):
            lines |= {name: _line(one) for name, one in zip(map(_login, node.value), node.value, strict=True)}
    errors, warnings = errors[:MOST_REMARKS], warnings[:MOST_REMARKS]
    if errors:
        return Reading(None, tuple(errors), tuple(warnings))
    return Reading(Policy(**values), (), tuple(warnings), lines)


def _key(node: Node) -> str:
    return str(node.value) if isinstance(node, ScalarNode) else "?"


def _unknown(key: str) -> str:
    near = get_close_matches(key.lower().replace("-", "_"), READERS, n=1)
    if near:
        return f"“{key[:60]}” isn't a key and does nothing: did you mean “{near[0]}”?"
    return f"“{key[:60]}” isn't a key and does nothing. The keys are: {', '.join(READERS)}."


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _word(node: Node, instead: str) -> str:
    """A single value as it is written: `no`, `1.10` and `007` stay what they look like."""
    if not isinstance(node, ScalarNode) or node.tag == "tag:yaml.org,2002:null":
        raise _Wrong(instead, node)
    return str(node.value).strip()


def _words(node: Node, instead: str) -> list[tuple[str, Node]]:
    """A list of single values; one value alone is a list of one."""
    nodes = node.value if isinstance(node, SequenceNode) else [node]
    if len(nodes) > MOST_ITEMS:
        raise _Wrong(f"At most {MOST_ITEMS} can be listed.", node)
    return [(_word(one, instead), one) for one in nodes]


def _yes_or_no(node: Node) -> bool:
    word = _word(node, "Write “yes” or “no”.").lower()
    if word not in _YES | _NO:
        raise _Wrong("Write “yes” or “no”.")
    return word in _YES


def _number(least: int, most: int, unit: str, why: str = "") -> Callable[[Node], int]:
    instead = f"{why}Write a whole number{unit} from {least} to {most}."

    def read(node: Node) -> int:
        word = _word(node, instead)
        if not re.fullmatch("[0-9]{1,3}", word) or not least <= int(word) <= most:
            raise _Wrong(instead)
        return int(word)

    return read


def _percentage(node: Node) -> int:
    instead = "Write a percentage from 0 to 20, with at most two decimals: “10” or “12.5”."
    match = _CUT.fullmatch(_word(node, instead))
    points = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else LARGEST_CUT + 1
    if points > LARGEST_CUT:
        raise _Wrong(instead)
    return points


def _labels(node: Node) -> tuple[str, ...]:
    instead = "Write the names of labels: “labels: [bounty, help wanted]”."
    found = _words(node, instead)
    for label, one in found:
        if not 0 < len(label) <= LONGEST_LABEL:
            raise _Wrong(f"A label has 1 to {LONGEST_LABEL} characters. {instead}", one)
    return tuple(dict.fromkeys(label for label, _ in found))


def _branches(node: Node) -> tuple[str, ...]:
    names: list[str] = []
    for name, one in _words(node, "Write the names of branches: “branches: [next, stable]”."):
        try:
            found = branch_names(name)
        except ValueError as error:
            raise _Wrong(str(error), one) from error
        if found != [name]:
            raise _Wrong("Write one name for each entry of the list: “branches: [next, stable]”.", one)
        names += found
    return tuple(dict.fromkeys(names))


def _deciders(node: Node) -> tuple[str, ...]:
    found = _words(node, "Write names of accounts: “deciders: [ana, bo]”.")
    for name, one in found:
        if _LOGIN.fullmatch(name) is None:
            raise _Wrong(f"“{name[:60]}” is no account's name. Write “deciders: [ana, bo]”.", one)
    return tuple(dict.fromkeys(_login(one) for _, one in found))


def _login(node: Node) -> str:
    return str(node.value).strip().removeprefix("@")


def _claims(node: Node) -> str:
    word = _word(node, "Write “open” or “attempt_required”.")
    if word not in CLAIMS:
        raise _Wrong("Write “open” or “attempt_required”.")
    return word


def _languages(node: Node) -> tuple[str, ...]:
    instead = "Write one of [en], [de], [en, de], [de, en]: the first one stands above."
    found = [word.lower() for word, _ in _words(node, instead)]
    if not found or len(set(found)) != len(found) or not set(found) <= set(SPOKEN):
        raise _Wrong(instead)
    return tuple(found)


READERS: dict[str, Callable[[Node], Any]] = {
    "bounties": _yes_or_no,
    "labels": _labels,
    "maintainers_cut": _percentage,
    "branches": _branches,
    "windows": _number(WINDOW_DAYS, LONGEST_WINDOW, " of days", "Windows can be lengthened, never shortened. "),
    "deciders": _deciders,
    "claims": _claims,
    "attempts": _number(1, MOST_ATTEMPTS, ""),
    "languages": _languages,
}
