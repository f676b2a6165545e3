"""The JSON read API says what the pages say: amounts in minor units, the sentence; no address, no hidden name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bountyhub.funding.models import Contribution
from bountyhub.funding.operations import join_contributions
from bountyhub.kit.database import transaction
from bountyhub.people.operations import sign_in_with_mail
from tests.builders.world import BO, CLEO, DARA, merged
from tests.pages.conftest import Pages


def read(pages: Pages, path: str) -> Any:
    answer = pages.stranger().get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_task_in_the_list(pages: Pages) -> None:
    pages.world.pay(5000)
    found = read(pages, "/tasks")
    (task,) = found["tasks"]
    assert (found["total"], found["next"]) == (1, None)
    assert task["held"] == {"amount_minor": 5000, "currency": "EUR"}
    assert (task["state"], task["backers"], task["title"]) == ("open", 1, "Export number 12")
    assert task["issue"] == {"number": 12, "url": "http://127.0.0.1/ana/inkwell/issues/12", "author": "dara"}
    assert task["url"] == f"http://127.0.0.1:8000/tasks/{pages.world.task_id}"


def test_the_next_step_is_the_pages_sentence(pages: Pages) -> None:
    pages.world.pay(5000)
    step = read(pages, f"/tasks/{pages.world.task_id}")["next_step"]
    assert set(step) == {"text", "detail", "by", "who"}
    assert step["text"] in pages.stranger().reads(f"/tasks/{pages.world.task_id}")
    assert step["who"] == "developer"


def test_a_task_with_contributions_claims_and_totals(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.connect(BO)
    opened = pages.world.linked()
    task = read(pages, f"/tasks/{pages.world.task_id}")
    assert task["contributions"][0]["backer"] == "cleo"
    assert task["contributions"][0]["held"]["amount_minor"] == 5000
    assert (task["claims"][0]["author"], task["claims"][0]["state"]) == ("bo", "linked")
    assert task["totals"]["held"]["amount_minor"] == 5000
    assert task["totals"]["fees_held"]["amount_minor"] == 275
    pages.world.record(merged(opened))
    pages.world.send_transfers()
    after = read(pages, f"/tasks/{pages.world.task_id}")
    assert {word: sum_["amount_minor"] for word, sum_ in after["totals"].items() if sum_["amount_minor"]} == {
        "released": 5000, "paid": 5000,
    }  # fmt: skip
    assert after["state"] == "completed"


def test_no_address_and_no_hidden_name(pages: Pages) -> None:
    first, _ = pages.world.pay(5000), pages.world.pay(1000, by=None)
    pages.world.pay(1000, by=DARA)
    with transaction() as session:
        session.get_one(Contribution, first.id).anonymous = True
    task = read(pages, f"/tasks/{pages.world.task_id}")
    assert [c["backer"] for c in task["contributions"]] == [None, None, "dara"]
    assert [c["anonymous"] for c in task["contributions"]] == [True, False, False]
    assert "@" not in json.dumps(task)
    assert CLEO.login not in json.dumps(task)


def test_a_backer_who_signs_in_by_mail_is_nameless_everywhere(pages: Pages) -> None:
    guest = pages.world.pay(5000, by=None, email="jane.private-doe77@example.org")
    with transaction() as session:
        jane = sign_in_with_mail(session, "jane.private-doe77@example.org")
        join_contributions(session, jane)
        session.get_one(Contribution, guest.id).anonymous = False
    path = f"/tasks/{pages.world.task_id}"
    shown = [pages.stranger().reads(f"{path}?tab={tab}") for tab in ("contributions", "activity")]
    assert "A backer" in shown[0]
    assert not any("jane" in text for text in [*shown, json.dumps(read(pages, path))])
    assert read(pages, path)["contributions"][0]["backer"] is None


def test_pages_of_the_list(pages: Pages) -> None:
    for number in range(20, 25):
        pages.world.task(number)
    first = read(pages, "/tasks?limit=4")
    assert (len(first["tasks"]), first["total"]) == (4, 6)
    second = read(pages, f"/tasks?limit=4&after={first['after']}")
    assert (len(second["tasks"]), second["after"]) == (2, None)
    assert first["next"] == f"http://127.0.0.1:8000/api/v1/tasks?limit=4&after={first['after']}"
    assert not {t["id"] for t in first["tasks"]} & {t["id"] for t in second["tasks"]}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/tasks/99", 404, "not_found"),
        ("/tasks?state=made-up", 400, "bad_filter"),
        ("/tasks?sort=made-up", 400, "bad_filter"),
        ("/tasks?limit=0", 400, "bad_filter"),
        ("/tasks?limit=1e9", 400, "bad_filter"),
        ("/tasks?limit=" + "1" * 5000, 400, "bad_filter"),
        ("/tasks?after=nonsense", 400, "bad_page"),
        ("/nothing", 404, "http_404"),
    ],
)
def test_refusals_are_json(pages: Pages, path: str, status: int, code: str) -> None:
    answer = pages.stranger().get(f"/api/v1{path}")
    assert answer.status_code == status
    assert json.loads(answer.text)["error"]["code"] == code


def test_only_reading(pages: Pages) -> None:
    assert pages.stranger().client.post("/api/v1/tasks").status_code == 405


def test_the_detail_takes_the_same_queries_however_much_it_shows(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.linked()
    path = f"/api/v1/tasks/{pages.world.task_id}"
    before = pages.count(pages.stranger(), path)
    for number in range(50, 54):
        pages.world.pay(1000, by=DARA)
        pages.world.linked(number)
    assert pages.count(pages.stranger(), path) == before <= 20
