"""A page as the demonstration's people see it: its text, links and forms, read by the standard HTML parser.

`browser` makes one of every answer; scenes look for words, follow links and fill in forms by what they say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from bountyhub.cli.demo.errors import DemoFailed

Attributes = dict[str, str | None]
_UNSEEN = ("script", "style", "svg", "title")


@dataclass
class Button:
    """A button: its words, what it adds to the form, and the address it sends to when it has its own."""

    words: str
    name: str
    value: str
    action: str | None


@dataclass
class Form:
    """A form with its fields filled in as the page came."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    buttons: list[Button] = field(default_factory=list)

    def filled(self, button: Button, typed: dict[str, str]) -> list[tuple[str, str]]:
        """What is sent: the fields, those typed anew, and the pressed button; raises DemoFailed for no such field."""
        for name in typed:
            if name not in self.names:
                raise DemoFailed(f"the form to {self.action} has no field {name!r}, only {sorted(self.names)}")
        kept = [(name, value) for name, value in self.fields if name not in typed]
        pressed = [(button.name, button.value)] if button.name else []
        return kept + list(typed.items()) + pressed


class _Reader(HTMLParser):
    """Collects text, links and forms in one pass."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._ears: list[tuple[str, list[str], Attributes]] = []
        self._select = ""
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "form":
            self._form = Form(given.get("action") or "", (given.get("method") or "get").lower())
            self.forms.append(self._form)
        elif tag == "input" and self._form is not None:
            _add_input(self._form, given)
        elif tag == "select" and self._form is not None:
            self._select = given.get("name") or ""
            self._form.names.add(self._select)
            self._form.choices[self._select] = []
        elif tag in ("a", "button", "textarea", "option"):
            self._ears.append((tag, [], given))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen -= 1
        elif tag == "form":
            self._form = None
        elif tag == "select" and self._form is not None:
            _choose(self._form, self._select)
            self._select = ""
        elif self._ears and self._ears[-1][0] == tag:
            _, heard, given = self._ears.pop()
            self._heard(tag, "".join(heard), given)

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        for _, heard, _ in self._ears:
            heard.append(data)
        if not any(tag in ("textarea", "option") for tag, _, _ in self._ears):
            self.words.append(data)

    def _heard(self, tag: str, text: str, given: Attributes) -> None:
        if tag == "a" and given.get("href"):
            self.links.append((_plain(text), given["href"] or ""))
        if self._form is None:
            return
        name, value = given.get("name") or "", given.get("value")
        if tag == "button" and (given.get("type") or "submit") == "submit":
            self._form.buttons.append(Button(_plain(text), name, value or "", given.get("formaction")))
        elif tag == "textarea":
            self._form.names.add(name)
            self._form.fields.append((name, text.removeprefix("\n")))
        elif tag == "option" and self._select:
            chosen = "chosen" if "selected" in given else ""
            self._form.choices[self._select].append((_plain(text) if value is None else value, chosen))


def _add_input(form: Form, given: Attributes) -> None:
    name, kind = given.get("name") or "", (given.get("type") or "text").lower()
    if kind == "submit":
        form.buttons.append(Button(given.get("value") or "", name, given.get("value") or "", given.get("formaction")))
    elif name:
        form.names.add(name)
        if kind not in ("checkbox", "radio"):
            form.fields.append((name, given.get("value") or ""))
        elif "checked" in given:
            form.fields.append((name, given.get("value") or "on"))


def _choose(form: Form, name: str) -> None:
    """A list sends what is selected, else its first entry."""
    entries = form.choices[name]
    selected = [value for value, chosen in entries if chosen] or [value for value, _ in entries[:1]]
    form.fields.extend((name, value) for value in selected)


def _plain(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True)
class Page:
    """An answer in HTML. `url` is where redirects ended."""

    url: str
    status: int
    html: str
    text: str
    links: list[tuple[str, str]]
    forms: list[Form]

    def says(self, words: str) -> bool:
        """Whether the page shows these words, however they are broken into lines."""
        return _plain(words) in self.text

    def require(self, *words: str) -> Page:
        """The page itself, if it shows all these words; raises DemoFailed."""
        for each in words:
            if not self.says(each):
                raise DemoFailed(f"{self.url} does not say “{each}” but: {self.text[:600]}")
        return self

    def link(self, words: str) -> str:
        """The address of the first link whose words contain these; raises DemoFailed."""
        for text, href in self.links:
            if words in text:
                return urljoin(self.url, href)
        raise DemoFailed(f"{self.url} has no link “{words}”")

    def has_button(self, words: str) -> bool:
        """Whether somebody could press such a button here."""
        return any(words in button.words for _, button in self._buttons())

    def button(self, words: str, value: str | None = None, to: str = "") -> tuple[Form, Button]:
        """The first button with these words (and this value, in a form that sends there); raises DemoFailed."""
        for form, button in self._buttons():
            target = button.action or form.action
            if words in button.words and value in (None, button.value) and to in target:
                return form, button
        seen = sorted({button.words for _, button in self._buttons()})
        raise DemoFailed(f"{self.url} has no button “{words}” {to}, only {seen}: {self.text[:300]}")

    def _buttons(self) -> Iterator[tuple[Form, Button]]:
        for form in self.forms:
            for button in form.buttons:
                yield form, button


def read(url: str, status: int, html: str) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Page(url, status, html, _plain("".join(reader.words)), reader.links, reader.forms)
