"""A typed form of a few fields, drawn by `components/forms.html`. The CSRF token is the layout's, not a field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup, escape

Kind = Literal["text", "email", "search", "hidden", "checkbox", "textarea", "select", "date"]


@dataclass(frozen=True)
class Label:
    """What a field is called."""

    text: str


@dataclass
class Field:
    """One field: `data` is what was typed (or `yes` for a ticked box), kept whatever was wrong with it."""

    id: str
    label: Label
    kind: Kind = "text"
    data: str = ""
    required: bool = False
    longest: int = 500
    choices: tuple[tuple[str, str], ...] = ()
    description: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What it is called in a request."""
        return self.id

    @property
    def checked(self) -> bool:
        """Whether a box is ticked."""
        return self.data != ""

    def __call__(self, **attributes: str) -> Markup:
        given = {"id": self.id, "name": self.name, **attributes}
        if self.required and self.kind != "hidden":
            given["required"] = ""
        if self.kind == "select":
            return Markup("<select{}>{}</select>").format(_attributes(given), self._options())
        if self.kind == "checkbox":
            ticked = {"checked": ""} if self.checked else {}
            return Markup("<input{}>").format(_attributes({"type": "checkbox", "value": "yes", **given, **ticked}))
        if self.kind != "hidden":
            given["maxlength"] = str(self.longest)
        if self.kind == "textarea":
            return Markup("<textarea{}>{}</textarea>").format(_attributes({"rows": "3", **given}), self.data)
        return Markup("<input{}>").format(_attributes({"type": self.kind, "value": self.data, **given}))

    __html__ = __call__

    def _options(self) -> Markup:
        return Markup("").join(
            Markup('<option value="{}"{}>{}</option>').format(
                value, Markup(" selected") if value == self.data else "", words
            )
            for value, words in self.choices
        )


def _attributes(given: Mapping[str, str]) -> Markup:
    return Markup("").join(Markup(' {}="{}"').format(escape(name), value) for name, value in given.items())


class Form:
    """Fields by name, in order. Templates read `form.amount`, `form.errors`, `form.form_errors`."""

    def __init__(self, *fields: Field) -> None:
        self._fields = {one.id: one for one in fields}
        self.form_errors: list[str] = []

    def __getitem__(self, name: str) -> Field:
        return self._fields[name]

    def get(self, name: str) -> Field | None:
        """A field that not every form of this kind has."""
        return self._fields.get(name)

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields.values())

    @property
    def errors(self) -> list[str]:
        """Everything that is wrong."""
        return [*self.form_errors, *(error for one in self for error in one.errors)]

    def fill(self, typed: Mapping[str, str]) -> bool:
        """Take over what was typed; whether every required field has something in it."""
        for one in self:
            one.data = typed.get(one.name, "").replace("\x00", "").strip()[: one.longest]
            if one.required and not one.data:
                one.errors.append(MISSING.get(one.kind, "Fill this in."))
        return not self.errors

    def take(self, typed: Mapping[str, str]) -> None:
        """Hold what was typed before, and say nothing about it."""
        for one in self:
            one.data = typed.get(one.name, "").replace("\x00", "")[: one.longest]

    def refuse(self, name: str, message: str) -> None:
        """Say what is wrong with one field."""
        self[name].errors.append(message)


MISSING = {"checkbox": "Tick this box to go on.", "email": "Type your e-mail address, like name@example.org."}
