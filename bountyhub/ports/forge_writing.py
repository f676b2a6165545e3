"""What the bot writes at a forge, and how it finds it again; part of `ports.forge.Forge`. Repositories by id."""

from __future__ import annotations

from typing import Protocol


class ForgeWriting(Protocol):
    """Comments, labels and reactions. Every method may raise the errors of `ports.errors`."""

    def find_own_comment(self, repository: int, number: int, marker: str) -> int | None:
        """The id of the App's comment that holds `marker`, None if there is none."""

    def create_comment(self, repository: int, number: int, body: str) -> int: ...

    def edit_comment(self, repository: int, comment: int, body: str) -> bool:
        """Replace the text; False when the comment is gone."""

    def is_hidden(self, repository: int, number: int, comment: int) -> bool:
        """Whether somebody minimised a comment of an issue."""

    def add_label(self, repository: int, number: int, label: str) -> None:
        """Put a label on an issue; made in the repository if it has none of that name, else left as it is there."""

    def remove_label(self, repository: int, number: int, label: str) -> None:
        """Take a label off an issue that may not carry it any more."""

    def react(self, repository: int, comment: int, reaction: str) -> None: ...
