"""The world the published payloads speak of, with their ids, in the GitHub stand-in; and how rows are compared."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Table, select

from bountyhub.events.models import OutboxJob
from bountyhub.kit.database import Base, reading
from bountyhub.ports.forge import ForgePerson
from tests.integrations.github.hub import Hub
from tests.integrations.github.official.payloads import examples

HELLO, SPACE, OCTOCATS, CODERS, OCTO = 186853002, 186853007, 1296269, 186853261, 17273051
#: The payloads' people and repositories that our events concern; ids are GitHub's.
PEOPLE = {"Codertocat": 21031067, "octocat": 1}
ORGANISATIONS = {"Octocoders": 38302899, "octo-org": 6811672}
REPOSITORIES = {
    "Codertocat/Hello-World": HELLO, "Codertocat/Space": SPACE, "octocat/Hello-World": OCTOCATS,
    "Octocoders/Hello-World": CODERS, "octo-org/octo-repo": OCTO,
}  # fmt: skip
ISSUE, PULL, COMMENT = 444500041, 279147437, 492700400
#: Rows of the machinery itself: a second delivery may add some, and nothing else.
MACHINERY = ("inbox_event", "outbox_job", "forge_reading")


def seed(hub: Hub) -> None:
    """People, repositories, issue 1, pull request 2 and the comment of the payloads; nothing is installed yet."""
    for login, id in PEOPLE.items():
        hub.github.do("create_person", login=login, id=id)
    for login, id in ORGANISATIONS.items():
        hub.github.do("create_person", login=login, id=id, type="Organization")
    for full_name, id in REPOSITORIES.items():
        owner, _, name = full_name.partition("/")
        hub.github.do("create_repository", owner=owner, name=name, id=id)
    hub.github.do("set_permission", repo=HELLO, login="octocat", role="maintain")
    issue = next(one.payload["issue"] for one in examples() if (one.event, one.action) == ("issues", "opened"))
    hub.github.do("open_issue", repo=HELLO, id=ISSUE, number=1, title=issue["title"], body=issue["body"])
    hub.github.do("open_issue", repo=OCTO, id=512748900, number=1, title="To be moved", body="")


def open_pull(hub: Hub, body: str = "Fixes #1", **given: Any) -> None:
    """Pull request 2 of the payloads."""
    wanted = {"repo": HELLO, "id": PULL, "number": 2, "as": "Codertocat", "title": "Update the README", "body": body}
    hub.github.do("open_pull_request", **wanted | given)


def install(hub: Hub, account: str = "Codertocat", id: int = 957387, *repositories: str) -> None:
    """The App on an account, heard of."""
    hub.github.do("install", account=account, id=id, repos=list(repositories) or [f"{account}/Hello-World"])
    hub.deliver()


def install_everywhere(hub: Hub) -> None:
    """The App on each account of the payloads, and a task with a pull request, all heard of."""
    install(hub)
    install(hub, "Octocoders", 41)
    install(hub, "octo-org", 31, "octo-org/octo-repo")
    install(hub, "octocat", 2)
    open_task(hub)
    open_pull(hub)
    hub.deliver()


def happen_unheard(hub: Hub) -> None:
    """Something in each account whose webhook gets lost: the payloads are the first to tell."""
    hub.github.do("edit_issue", repo=HELLO, number=1, title="Two errors in the README", body="It says 'commmit'.")
    hub.github.do("label", repo=HELLO, number=1, name="bug")
    hub.github.do("push", repo=HELLO, number=2, messages=["A second step"])
    hub.github.do("rename_repository", repo=CODERS, name="Hello-Again")
    hub.github.do("uninstall", account="octocat")
    hub.lose_deliveries()


def open_task(hub: Hub, full_name: str = "Codertocat/Hello-World") -> int:
    """The task of issue 1."""
    return hub.open_task(1, full_name, ForgePerson(PEOPLE["Codertocat"], "Codertocat"))


def _kept(table: Table) -> list[Column[Any]]:
    """Its columns but the moment of the last reading, which each one renews."""
    return [column for column in table.columns if column.name != "read_at"]


UNCOUNTED = ("inbox.github", "forge.read_policy", "forge.check_policy")


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the domain, and which jobs were asked for but readings of the policy file, which change nothing."""
    with reading() as session:
        rows = {
            table.name: sorted(tuple(map(str, row)) for row in session.execute(select(*_kept(table))))
            for table in Base.metadata.sorted_tables
            if table.name not in MACHINERY
        }
        asked = session.execute(select(OutboxJob.id, OutboxJob.name).where(OutboxJob.name.not_in(UNCOUNTED)))
        return rows | {"asked": sorted(tuple(row) for row in asked)}
