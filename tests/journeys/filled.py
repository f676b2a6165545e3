"""An instance in which every kind of page has something to show: tasks in all states, claims, an objection, money."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Browser, expect

from tests.journeys.people import Visitor, visitor
from tests.journeys.site import Site, until

REPOSITORY = "ana/inkwell"


@dataclass
class Filled:
    """Numbers of what was made; `links` are addresses that were mailed."""

    site: Site
    tasks: dict[str, int] = field(default_factory=dict)
    claims: dict[str, int] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    contribution: int = 0
    payment: str = ""
    project: int = 0
    installation: int = 0

    def claim_of(self, task: str) -> int:
        """The number of the newest claim of a task, once there is one."""
        id = self.tasks[task]
        until(lambda: self.site.task(id)["claims"], f"{task} has a claim")
        return int(self.site.task(id)["claims"][-1]["id"])

    def issue(self, title: str) -> int:
        """A new issue by Dara."""
        made = self.site.github("open_issue", repo=REPOSITORY, title=title, body=BODY, **{"as": "dara"})
        return int(made["number"])

    def pull(self, author: str, issue: int, **given: object) -> int:
        """A new pull request that fixes an issue."""
        text = {"title": f"Solve #{issue}", "body": f"Fixes #{issue}", "as": author}
        return int(self.site.github("open_pull_request", repo=REPOSITORY, **text, **given)["number"])

    def merge(self, number: int, by: str) -> None:
        """The merge button."""
        self.site.github("merge", repo=REPOSITORY, number=number, **{"as": by})

    def in_state(self, task: str, state: str) -> None:
        """Waits for a task's state."""
        until(lambda: self.site.task(self.tasks[task])["state"] == state, f"{task} is {state}")

    def shown(self, task: str) -> None:
        """Waits until the newest claim's link is shown on its pull request."""
        self.claim_of(task)
        until(lambda: self.site.task(self.tasks[task])["claims"][-1]["shown_at"], f"{task}'s link is shown")


BODY = """# What is missing

Export as **PDF**, with [links](https://example.org) and a picture: ![a picture](https://example.org/a.png)

```python
print("a long line of code that has to be scrolled on a narrow screen, because it goes on and on and on and on and on")
```

| format | wanted |
|---|---|
| PDF | yes |

- [ ] one
- [x] two <script>alert(1)</script>
"""


def fill(chromium: Browser, site: Site) -> Filled:
    """Everything, through the faces that people use."""
    filled = Filled(site)
    with visitor(chromium, site) as ana, visitor(chromium, site) as cleo:
        ana.sign_in("ana")
        filled.installation = ana.install_app(REPOSITORY)
        cleo.sign_in("cleo")
        _tasks(filled, ana)
        _money(filled, cleo)
        _pulls(filled)
        _objection(filled, cleo)
        _cancel(filled, ana)
        filled.contribution = _number(cleo, "/me", r"/contributions/(\d+)")
        filled.project = _number(ana, f"/tasks/{filled.tasks['funded']}", r"/projects/(\d+)")
    _by_mail(chromium, filled)
    return filled


def _tasks(filled: Filled, ana: Visitor) -> None:
    web = f"{filled.site.sandbox}/github"
    for name in ("empty", "funded", "linked", "window", "late", "paid", "cancelled"):
        number = filled.issue(f"An issue whose task is {name}")
        filled.tasks[name] = ana.make_task(f"{web}/{REPOSITORY}/issues/{number}")
    wanted = filled.site.github("open_issue", repo="eve/almanac", title="An issue elsewhere", **{"as": "dara"})
    filled.tasks["wanted"] = ana.make_task(f"{web}/eve/almanac/issues/{wanted['number']}")


def _money(filled: Filled, cleo: Visitor) -> None:
    for name in ("funded", "linked", "window", "late", "paid", "cancelled"):
        cleo.fund(filled.tasks[name], "30")
        if name == "funded":
            filled.payment = cleo.page.url.rsplit("/", 1)[1]


def _issue_of(filled: Filled, task: str) -> int:
    return int(filled.site.task(filled.tasks[task])["issue"]["number"])


def _pulls(filled: Filled) -> None:
    """Linked by Bo, merged by its own author (window), merged before it was linked (late), merged and paid."""
    filled.pull("bo", _issue_of(filled, "linked"))
    filled.claims["linked"] = filled.claim_of("linked")
    own = filled.pull("eve", _issue_of(filled, "window"))
    filled.claims["window"] = filled.claim_of("window")
    filled.shown("window")
    filled.merge(own, "eve")
    filled.in_state("window", "merged")
    other = filled.pull("bo", _issue_of(filled, "paid"))
    filled.claims["paid"] = filled.claim_of("paid")
    filled.shown("paid")
    filled.merge(other, "ana")
    filled.in_state("paid", "merged")
    _late(filled)


def _late(filled: Filled) -> None:
    """The words came after the merge: never shown before it."""
    issue = _issue_of(filled, "late")
    given = {"title": "Something", "body": "Nothing yet", "as": "bo"}
    number = int(filled.site.github("open_pull_request", repo=REPOSITORY, **given)["number"])
    filled.merge(number, "ana")
    filled.site.github("comment", repo=REPOSITORY, number=number, body=f"/claim #{issue}", **{"as": "bo"})
    filled.claims["late"] = filled.claim_of("late")


def _objection(filled: Filled, cleo: Visitor) -> None:
    page = cleo.open(f"/claims/{filled.claims['window']}")
    page.get_by_label("Why does the merged pull request").fill("The table of contents is missing.")
    cleo.press("Object to this claim")
    expect(page.locator("main")).to_contain_text("Your objection is noted", use_inner_text=True)


def _cancel(filled: Filled, ana: Visitor) -> None:
    page = ana.open(f"/tasks/{filled.tasks['cancelled']}")
    page.locator("summary", has_text="Cancel this task").click()
    page.get_by_label("Why is it cancelled?").fill("The editor gets another file format first.")
    ana.press("Cancel this task")
    filled.in_state("cancelled", "cancelled")


def _number(someone: Visitor, path: str, pattern: str) -> int:
    found = re.search(pattern, someone.open(path).content())
    assert found is not None, (path, pattern)
    return int(found[1])


def _by_mail(chromium: Browser, filled: Filled) -> None:
    """What a signed-out backer finds in the mail: a receipt with a link, and a link to sign in."""
    address = "guest@example.org"
    with visitor(chromium, filled.site) as guest:
        guest.fund(filled.tasks["funded"], "20", email=address)
        guest.open("/sign-in").get_by_label("E-mail address").fill(address)
        guest.press("Mail me a link")
        guest.sees("Look into your mail")
    filled.links["receipt"] = _mailed(filled, address, r"http\S+(/c/\S+)")
    filled.links["sign_in"] = _mailed(filled, address, r"http\S+(/sign-in/link/\S+)")


def _mailed(filled: Filled, to: str, pattern: str) -> str:
    """The address in a mail, once it has come."""

    def found() -> str:
        matches = [re.search(pattern, mail["text"]) for mail in filled.site.mails(to)]
        return next((match[1] for match in matches if match), "")

    until(found, f"a mail to {to} with {pattern}")
    return found()
