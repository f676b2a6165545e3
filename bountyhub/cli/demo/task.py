"""A task as everybody can see it: its page, its JSON, its comment on the issue and the check run in the merge box."""

from __future__ import annotations

import re
from typing import Any

from bountyhub.cli.demo.browser import Browser
from bountyhub.cli.demo.errors import DemoFailed
from bountyhub.cli.demo.script import until

Doc = dict[str, Any]
_COMMENT = re.compile(r"bountyhub\[bot\] commented on .*?(?=\S+ commented on |Choose who you are to comment|$)")


class Task:
    """Seen by a stranger: nothing here needs a sign-in."""

    def __init__(self, id: int, visitor: Browser, sandbox_url: str) -> None:
        self.id, self._visitor, self._sandbox = id, visitor, sandbox_url
        self.path = f"/tasks/{id}"
        seen = self.seen()
        self.repository: str = seen["repository"]["full_name"]
        self.issue: int = seen["issue"]["number"]

    def seen(self) -> Doc:
        """The task in JSON, now."""
        found: Doc = self._visitor.json(f"/api/v1/tasks/{self.id}")
        return found

    @property
    def sentence(self) -> str:
        """What happens next, says the JSON."""
        return str(self.seen()["next_step"]["text"])

    def wait_for(self, state: str, patience: float = 20) -> Doc:
        """Wait for a state of the task; raises DemoFailed saying where it stands instead."""
        return self._wait(f"is {state}", lambda seen: seen["state"] == state, patience)

    def wait_held(self, cents: int) -> Doc:
        """Wait until so much is held for it."""
        return self._wait(f"holds {cents}", lambda seen: seen["held"]["amount_minor"] == cents)

    def wait_released(self, cents: int) -> Doc:
        """Wait until so much was released to developers (or is kept for them)."""
        return self._wait(f"has released {cents}", lambda seen: seen["totals"]["released"]["amount_minor"] == cents)

    def wait_paid(self, cents: int) -> Doc:
        """Wait until so much was transferred to developers and the task is completed."""
        return self._wait(
            f"is completed with {cents} paid",
            lambda seen: seen["state"] == "completed" and seen["totals"]["paid"]["amount_minor"] == cents,
        )

    def wait_sentence(self, *words: str) -> Doc:
        """Wait until the next-step sentence holds these words."""
        return self._wait(f"says {words}", lambda seen: all(word in seen["next_step"]["text"] for word in words))

    def wait_claim(self, number: int, state: str, *, shown: bool = False) -> Doc:
        """Wait for a pull request's claim to be in a state (and shown in its merge box)."""

        def fits(seen: Doc) -> bool:
            claim = _claim(seen, number)
            return claim is not None and claim["state"] == state and (not shown or claim["shown_at"] is not None)

        seen = self._wait(f"has #{number} {state}{' and shown' if shown else ''}", fits)
        return _claim(seen, number) or {}

    def wait_returned(self) -> None:
        """Wait until nothing of it is held or on its way back any more."""

        def fits(seen: Doc) -> bool:
            left = ("held", "fees_held", "kept", "on_its_way_back", "unclaimed")
            return not any(seen["totals"][word]["amount_minor"] for word in left)

        self._wait("has returned everything", fits)

    def comment(self) -> str:
        """The bot's one comment on the issue, as a reader sees it; empty while there is none."""
        page = self._visitor.open(f"{self._sandbox}/github/{self.repository}/issues/{self.issue}")
        found = [text for text in _COMMENT.findall(page.text) if "Where the money is" in text]
        if len(found) > 1:
            raise DemoFailed(f"the bot has {len(found)} status comments on {self.repository}#{self.issue}")
        return found[0] if found else ""

    def check(self, number: int) -> tuple[str, str]:
        """What the merge box of a pull request says, and the text behind its link; empty while nothing does."""
        page = self._visitor.open(f"{self._sandbox}/github/{self.repository}/pull/{number}")
        runs = [href for _, href in page.links if "/runs/" in href]
        if len(runs) > 1:
            raise DemoFailed(f"pull request #{number} has {len(runs)} check runs")
        return (page.text, self._visitor.open(f"{self._sandbox}{runs[0]}").text) if runs else ("", "")

    def wait_check(self, number: int, *words: str) -> None:
        """Wait until the merge box says these words."""
        until(f"the merge box of #{number} says {words}", lambda: all(word in self.check(number)[0] for word in words))

    def wait_comment(self, *words: str) -> None:
        """Wait until the bot's comment says these words."""
        until(f"the comment on #{self.issue} says {words}", lambda: all(word in self.comment() for word in words))

    def same_everywhere(self, number: int | None = None) -> str:
        """Wait until page, JSON, comment (and check run) show one and the same next-step sentence; that sentence."""
        behind: list[str] = []

        def look() -> str | None:
            sentence = self.sentence
            behind[:] = [face for face, text in self._faces(number).items() if sentence not in text]
            return sentence if not behind and sentence == self.sentence else None

        try:
            return until("page, JSON, comment and check run say the same", look)
        except DemoFailed as failed:
            raise DemoFailed(f"{failed}: {' and '.join(behind)} should say “{self.sentence}”") from None

    def _faces(self, number: int | None) -> dict[str, str]:
        faces = {"page": self._visitor.open(self.path).text, "comment": self.comment()}
        return faces if number is None else faces | {"check run": self.check(number)[1]}

    def _wait(self, what: str, fits: Any, patience: float = 20) -> Doc:
        def look() -> Doc | None:
            seen = self.seen()
            return seen if fits(seen) else None

        try:
            return until(f"task {self.id} {what}", look, patience)
        except DemoFailed as failed:
            seen = self.seen()
            claims = [(claim["pull_request"]["number"], claim["state"]) for claim in seen["claims"]]
            facts = {word: sum_["amount_minor"] for word, sum_ in seen["totals"].items() if sum_["amount_minor"]}
            raise DemoFailed(
                f"{failed}; it is {seen['state']}, {facts}, claims {claims}: {seen['next_step']['text']}"
            ) from None


def _claim(seen: Doc, number: int) -> Doc | None:
    return next((claim for claim in seen["claims"] if claim["pull_request"]["number"] == number), None)
