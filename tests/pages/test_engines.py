"""Every page with something on it, on both databases: what one engine understands the other must too."""

from __future__ import annotations

from tests.builders.world import ANA, BO, CLEO, DARA, EVE, merged, pull
from tests.pages.conftest import Pages

PATHS = [
    "/", "/tasks", "/tasks?sort=amount", "/tasks?sort=backers&q=export+number", "/tasks?state=open&after=5-5",
    "/projects",    "/projects/1", "/tasks/1", "/tasks/1?tab=contributions", "/tasks/1?tab=pulls", "/tasks/1?tab=money",
    "/tasks/1?tab=activity", "/tasks/1/fund", "/claims/1", "/claims/2", "/api/v1/tasks", "/api/v1/tasks?sort=amount",
    "/api/v1/tasks/1", "/api/v1/tasks/2",
]  # fmt: skip
DESK = ("/projects/1/desk", "/projects/1/requests", "/projects/1/issues?label=enhancement")


def fill(pages: Pages) -> None:
    """An objection on the first task, a kept share on the second."""
    world = pages.world
    world.pay(5000)
    world.pay(2000, by=DARA)
    world.record(merged(world.linked(author=EVE), by=EVE))
    pages.know_roles()
    pages.signed_in(CLEO).post("/claims/1/object", reason="No.")
    world.task_id = world.task(13)
    world.pay(3000)
    world.record(merged(world.linked(41, closes=(13,))))
    world.task_id = world.task(14)
    world.pay(3000)
    world.record(pull(42, closes=(14,)), merged(pull(42, closes=(14,))))
    world.task(15, opened=False)


def test_every_page_on_both_engines(pages_on_both: Pages) -> None:
    fill(pages_on_both)
    for who in (ANA, BO, CLEO, EVE):
        someone = pages_on_both.signed_in(who)
        for path in [*PATHS, "/me"]:
            assert someone.get(path).status_code == 200, (who.login, path)
    assert pages_on_both.signed_in(CLEO).get("/contributions/1").status_code == 200
    for path in DESK:
        assert pages_on_both.signed_in(ANA).get(path).status_code == 200, path


def test_buttons_on_both_engines(pages_on_both: Pages) -> None:
    fill(pages_on_both)
    ana, cleo = pages_on_both.signed_in(ANA), pages_on_both.signed_in(CLEO)
    for someone, path, typed in (
        (ana, "/claims/1/settle", {"decision": "release", "reason": "Fine."}),
        (ana, "/claims/3/confirm", {}),
        (cleo, "/contributions/4/withdraw", {}),
        (cleo, "/tasks/4/want", {}),
        (ana, "/tasks/4/open", {}),
        (ana, "/tasks/4/cancel", {"reason": "No."}),
    ):
        assert someone.post(path, **typed).status_code == 303, path
