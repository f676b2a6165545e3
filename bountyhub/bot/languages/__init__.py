"""What the bot says, in the languages a project chose. Pure.

English is what the rest of the code says. Every other language has one catalogue: an English sentence with its parts
in braces, what may be missing in brackets, and the same in that language. What no catalogue knows stays English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from bountyhub.bot.languages.de import SENTENCES as GERMAN
from bountyhub.bot.languages.de_commands import SENTENCES as GERMAN_COMMANDS
from bountyhub.bot.languages.de_refusals import REFUSALS, STATES

CATALOGUES: Mapping[str, Mapping[str, str]] = {"de": {**GERMAN, **GERMAN_COMMANDS, **REFUSALS}}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
GERMAN_MONTHS = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]

#: What a part of that name looks like; any other is any text.
_WHO = r"[\w-]+(?:\[bot\])?(?: \(\d+ %\))?"
PARTS = {
    "n": r"\d+", "sum": r"\d[\d.,]* \S+", "author": rf"{_WHO}(?:(?:, @| and @){_WHO})*(?: and \d+ more)?",
    "day": r"\d{1,2} \w+ \d{4}", "state": r"[a-z]+", "command": r"[^`]+",
}  # fmt: skip

_PIECE = re.compile(r"\[(?P<maybe>[^\]]*)\]|\{(?P<name>\w+)\}")
_SENTENCES = re.compile(r"(?<=[.:!?]) (?=[A-ZÄÖÜ@\d“])")
_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b")
_SUM = re.compile(r"\b(\d+(?:,\d{3})*)(?:\.(\d{2,3}))?(?=[ \u00a0\u202f](?:[€$£¥]|[A-Z]{3}\b))")


def translate(text: str, language: str) -> str:
    """A text of one or more lines and sentences; each that the catalogue doesn't know stays as it is."""
    if language not in CATALOGUES:
        return text
    return "\n".join(_line(line, language) for line in text.split("\n"))


def _line(line: str, language: str) -> str:
    bare = line.strip("* ")
    whole = _sentence(bare, language)
    if whole is None:
        parts = _SENTENCES.split(bare)
        found = [_sentence(part, language) for part in parts]
        whole = " ".join(new or old for new, old in zip(found, parts, strict=True))
    return line.replace(bare, whole) if bare else line


def _sentence(text: str, language: str) -> str | None:
    for pattern, target in _compiled(language):
        if match := pattern.fullmatch(text):
            return _fill(
                target, {name: _part(name, part) for name, part in match.groupdict().items() if part is not None}
            )
    return None


def _fill(template: str, parts: Mapping[str, str]) -> str:
    def put(match: re.Match[str]) -> str:
        if match["name"] is not None:
            return parts[match["name"]]
        wanted = re.findall(r"\{(\w+)\}", match["maybe"])
        return _fill(match["maybe"], parts) if all(name in parts for name in wanted) else ""

    return _PIECE.sub(put, template)


def _part(name: str, part: str) -> str:
    return STATES.get(part, part) if name == "state" else _local(part)


def _local(part: str) -> str:
    """Days, sums and lists of people as German writes them."""
    part = re.sub(r"(\d %) to @", r"\1 an @", part)
    part = re.sub(r" and (\d+) more\b", r" und \1 weitere", part).replace(" and @", " und @")
    part = _DAY.sub(lambda m: f"{m[1]}. {GERMAN_MONTHS[MONTHS.index(m[2])]} {m[3]}", part)
    return _SUM.sub(lambda m: m[1].replace(",", ".") + (f",{m[2]}" if m[2] else ""), part)


@cache
def _compiled(language: str) -> Sequence[tuple[re.Pattern[str], str]]:
    """Those with the most words of their own first, so that a general one doesn't take a special one's text."""
    found = [(re.compile(_expression(source)), target) for source, target in CATALOGUES[language].items()]
    return sorted(found, key=lambda pair: -len(_PIECE.sub("", pair[1])))


def _expression(source: str) -> str:
    parts, at, seen = list[str](), 0, set[str]()
    for match in _PIECE.finditer(source):
        parts.append(re.escape(source[at : match.start()]))
        parts.append(_piece(match, seen))
        at = match.end()
    return "".join(parts) + re.escape(source[at:])


def _piece(match: re.Match[str], seen: set[str]) -> str:
    """A part, the same text where it comes again, or what may be missing."""
    name = match["name"]
    if not name:
        return f"(?:{_expression(match['maybe'])})?"
    if name in seen:
        return f"(?P={name})"
    seen.add(name)
    return f"(?P<{name}>{PARTS.get(name, '.+?')})"
