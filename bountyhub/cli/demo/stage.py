"""What every scene plays on: the running instance seen from outside, its people, its tasks, and the clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from bountyhub.cli.demo.browser import Browser
from bountyhub.cli.demo.errors import DemoFailed
from bountyhub.cli.demo.instance import Instance
from bountyhub.cli.demo.people import Person, with_fee
from bountyhub.cli.demo.script import Script, until
from bountyhub.cli.demo.task import Task

Doc = dict[str, Any]
REPOSITORY = "ana/inkwell"


class Stage:
    """`visitor` is a stranger's browser; people keep their own."""

    def __init__(self, instance: Instance, script: Script) -> None:
        self.instance, self.script = instance, script
        self.visitor = Browser(instance.app_url)
        self._people: dict[str, Person] = {}

    def person(self, name: str) -> Person:
        """Somebody by their GitHub login (or, without one, their name), always with the same browser."""
        if name not in self._people:
            self._people[name] = Person(name, self.instance.app_url, self.instance.sandbox_url)
        return self._people[name]

    @property
    def charged(self) -> int:
        """What everybody's cards pay, in cents: each checkout that is begun here is paid in the end."""
        return sum(person.charged for person in self._people.values())

    @contextmanager
    def step(self, story: str, text: str) -> Iterator[None]:
        """One step of a story."""
        with self.script.step(story, text):
            yield

    def task_at(self, url: str) -> Task:
        """The task whose page is at this address."""
        path = urlsplit(url).path.split("/")
        if path[1] != "tasks" or not path[2].isdigit():
            raise DemoFailed(f"{url} is not the page of a task")
        return Task(int(path[2]), self.visitor, self.instance.sandbox_url)

    def new_task(self, title: str, repository: str = REPOSITORY) -> Task:
        """Ana opens an issue on GitHub and makes a task of it by its address."""
        ana = self.person("ana")
        return ana.make_task(self, ana.open_issue(repository, title))

    def merge_and_release(self, task: Task, number: int, cents: int) -> None:
        """Ana merges; wait until so much of the task is released, and note how long that took."""
        pressing = time.perf_counter()
        self.person("ana").merge(task.repository, number)
        task.wait_released(cents)
        self.script.releases.append(round(time.perf_counter() - pressing, 3))

    def give_back(self, email: str, cents: int) -> None:
        """From here on the play expects that a contribution goes back whole, with its fee, to who has this address."""
        self.script.returned[email, with_fee(cents)] += 1

    def mails(self, to: str) -> list[Doc]:
        """Everything in somebody's mailbox, newest first."""
        found: list[Doc] = self.visitor.json(f"{self.instance.sandbox_url}/mailbox/messages.json?to={to}")["messages"]
        return found

    def mail(self, to: str, *words: str) -> Doc:
        """Wait for a mail whose subject and text hold all these words, the newest such."""

        def look() -> Doc | None:
            fitting = [m for m in self.mails(to) if all(w in m["subject"] + "\n" + m["text"] for w in words)]
            return fitting[0] if fitting else None

        return until(f"{to} gets a mail saying {words}", look)

    def move_to(self, day: int) -> None:
        """Move time forward to a day of the play, by the form on the sandbox's start page."""
        days = day - self.script.day
        if days <= 0:
            return
        start = self.visitor.open(f"{self.instance.sandbox_url}/")
        self.visitor.press(start, "days", value="", days=str(days)).require("later.")
        self.script.day = day

    def control(self, what: str, **body: object) -> Doc:
        """Make the outside misbehave, as only a test can: `github/pause_deliveries`, `stripe/cent_off` …"""
        service, _, name = what.partition("/")
        answer: Doc = self.visitor.json(f"{self.instance.sandbox_url}/{service}/control/{name}", dict(body))
        return answer
