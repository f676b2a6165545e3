"""The people of the play, each with a browser: what they click in the application, on GitHub and when paying."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bountyhub.cli.demo.browser import Browser
from bountyhub.cli.demo.errors import DemoFailed
from bountyhub.cli.demo.page import Page
from bountyhub.cli.demo.script import until
from bountyhub.cli.demo.task import Task

if TYPE_CHECKING:
    from bountyhub.cli.demo.stage import Stage

CARD = "4242 4242 4242 4242"
ASKS_THE_BANK = "4000 0027 6000 3184"
DECLINED = "4000 0000 0000 0002"


def with_fee(cents: int) -> int:
    """What the card pays for a contribution: 5 % and 0.25 on top."""
    return cents + (cents * 5 + 50) // 100 + 25


@dataclass(frozen=True)
class Checkout:
    """A contribution that was begun: the processor's page, and who is there."""

    person: Person
    page: Page
    cents: int

    def pay(self, card: str = CARD) -> Page:
        """Type the card and press the button; the page that follows."""
        return self.person.browser.press(self.page, "Pay ", number=card)


class Person:
    """Somebody by their GitHub login; whoever has none uses only the application and mail."""

    def __init__(self, login: str, app_url: str, sandbox_url: str) -> None:
        self.login, self.github = login, f"{sandbox_url}/github"
        self.email = f"{login}@example.test"
        self.browser = Browser(app_url)
        #: What their cards pay in this play, in cents.
        self.charged = 0

    # ------------------------------------------------------------ the application

    def sign_in(self) -> Page:
        """With GitHub: the real code flow, through its page."""
        browser = self.browser
        asked = browser.press(browser.open("/sign-in"), "Continue with GitHub")
        return browser.press(asked, f"({self.login})").require(self.login)

    def sign_in_by_mail(self, stage: Stage) -> Page:
        """By a mailed link, which is confirmed by a button."""
        known = len(stage.mails(self.email))
        self.browser.press(self.browser.open("/sign-in"), "Mail me a link", email=self.email)
        until("the link comes by mail", lambda: len(stage.mails(self.email)) > known)
        mail = stage.mail(self.email, "/sign-in/link/")
        return self.browser.press(self.browser.open(link_in(mail["text"], "/sign-in/link/")), "Sign in", to="")

    def make_task(self, stage: Stage, issue_url: str) -> Task:
        """Paste an issue's address."""
        form = self.browser.open("/tasks/new")
        return stage.task_at(self.browser.press(form, "Find this issue", issue_url=issue_url).url)

    def begin_to_fund(self, task: Task, cents: int, *, anonymous: bool = False, email: str = "") -> Checkout:
        """Fill in the form on the task's page, as far as the processor's page."""
        typed = {"amount": f"{cents // 100}.{cents % 100:02}", "consent": "yes"}
        typed |= {"anonymous": "yes"} if anonymous else {}
        typed |= {"email": email} if email else {}
        page = self.browser.press(self.browser.open(task.path), "Fund", to="/fund", **typed)
        total = with_fee(cents)
        self.charged += total
        return Checkout(self, page.require(f"{total // 100}.{total % 100:02}"), cents)

    def fund(self, task: Task, cents: int, *, anonymous: bool = False, email: str = "") -> Page:
        """Fund a task by card; the thank-you page, once it says that the money is held."""
        thanks = self.begin_to_fund(task, cents, anonymous=anonymous, email=email).pay()
        return self.see_thanks(thanks)

    def see_thanks(self, page: Page) -> Page:
        """Look again until the thank-you page knows of the money."""

        def look() -> Page | None:
            seen = self.browser.open(page.url)
            return seen if seen.says("Thank you.") else None

        return until("the thank-you page says the money is held", look)

    def connect(self) -> Page:
        """Connect a payout account through the processor's form."""
        form = self.browser.press(self.browser.open("/me"), "Connect", to="/me/payout-account", country="DE")
        self.browser.press(form, "Finish onboarding")
        return until("they can be paid", lambda: _if_says(self.browser.open("/me"), "Can be paid"))

    def contribution_on(self, task: Task) -> Page:
        """The page of one's contribution to a task, from my page."""
        seen = self.browser.open("/me")
        title = str(task.seen()["title"])
        for index, (_, href) in enumerate(seen.links):
            if urlsplit(href).path == task.path:
                later = [url for words, url in seen.links[index:] if words == "Look or take back"]
                if later:
                    return self.browser.open(later[0])
        raise DemoFailed(f"{self.login}'s page lists no contribution to “{title}”")

    def claim_page(self, claim_id: int) -> Page:
        """A claim, with the buttons this person may press."""
        return self.browser.open(f"/claims/{claim_id}")

    def object(self, claim_id: int, reason: str) -> Page:
        """Object to a claim."""
        return self.browser.press(self.claim_page(claim_id), "Object to this claim", reason=reason)

    # ------------------------------------------------------------ GitHub

    def visit_github(self, path: str) -> Page:
        """A page of GitHub, as oneself."""
        page = self.browser.open(f"{self.github}/{path}")
        if page.says(f"You are {self.login}."):
            return page
        return self.browser.press(page, self.login, value=self.login, to="/github/switch")

    def install_app(self, **chosen: str) -> Page:
        """Install the App on one's repositories; ends in the application."""
        form = self.browser.open("/github/install")
        return self.browser.press(form, "Install", to="/installations/new", **(chosen or {"selection": "all"}))

    def open_issue(self, repository: str, title: str, body: str = "As said in the title.") -> str:
        """Open an issue; its address."""
        form = self.visit_github(f"{repository}/issues/new")
        return self.browser.press(form, "Create issue", title=title, body=body).url

    def open_pull(self, repository: str, title: str, body: str, **more: str) -> int:
        """Open a pull request; its number."""
        form = self.visit_github(f"{repository}/compare")
        made = self.browser.press(form, "Create pull request", title=title, body=body, **more)
        return int(made.url.rsplit("/", 1)[1])

    def merge(self, repository: str, number: int) -> Page:
        """Press the merge button."""
        page = self.browser.press(self.visit_github(f"{repository}/pull/{number}"), "Merge pull request")
        return page.require(f"{self.login} merged this")

    def comment(self, repository: str, number: int, text: str) -> Page:
        """Comment on an issue or pull request."""
        page = self.visit_github(f"{repository}/issues/{number}")
        return self.browser.press(page, "Comment", to="/comment", body=text)

    def reopen(self, repository: str, number: int) -> Page:
        """Reopen a closed issue."""
        return self.browser.press(self.visit_github(f"{repository}/issues/{number}"), "Reopen")


def link_in(text: str, part: str) -> str:
    """The first address in a mail that holds this part; raises DemoFailed."""
    for word in text.split():
        if word.startswith("http") and part in word:
            return word
    raise DemoFailed(f"no address with {part} in: {text}")


def _if_says(page: Page, words: str) -> Page | None:
    return page if page.says(words) else None
