"""Forms that cost something are limited: by address, and by the mail that is typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from bountyhub import settings
from bountyhub.funding.models import Payment
from bountyhub.http.limits import limiter, wait
from tests.builders.world import CLEO, DARA
from tests.pages.conftest import Pages, words
from tests.pages.test_fund import form as fund_form
from tests.pages.test_promise import form as promise_form


@pytest.fixture(autouse=True)
def limits_on(pages: Pages) -> Iterator[None]:
    limiter.enabled = True
    limiter.reset()
    yield
    limiter.enabled = False


def test_one_address_gets_few_links(pages: Pages) -> None:
    answers = [pages.stranger().post("/sign-in/email", email="Cleo@example.org") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "Nothing was changed" in words(answers[-1])
    assert pages.stranger().post("/sign-in/email", email="dara@example.org").status_code == 200


def test_nobody_uses_up_the_links_of_somebody_else(pages: Pages) -> None:
    for number in range(30):
        _ask(pages, f"203.0.113.{number}")
    assert len(pages.world.jobs("notify.sign_in_link")) == 10
    answer = _ask(pages, "192.0.2.1")
    assert answer.status_code == 200
    assert "take a link you asked for earlier" in words(answer)


def _ask(pages: Pages, network: str) -> TestResponse:
    cleo, here = {"email": "cleo@example.org"}, {"REMOTE_ADDR": network}
    return pages.stranger().client.post("/sign-in/email", data=cleo, environ_base=here)


def test_one_person_begins_few_payments(pages: Pages) -> None:
    cleo = pages.signed_in(CLEO)
    answers = [cleo.post(f"/tasks/{pages.world.task_id}/fund").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_one_machine_begins_few_payments(pages: Pages) -> None:
    path = f"/tasks/{pages.world.task_id}/fund"
    answers = [pages.stranger().post(path, email=f"a{n}@example.org").status_code for n in range(21)]
    assert answers == [422] * 20 + [429]


@pytest.mark.parametrize(
    ("others", "counted_together"),
    [("2001:db8:0:1::{:x}", True), ("2001:db8:0:{:x}::1", False), ("::ffff:192.0.2.{}", False), ("192.0.2.{}", False)],
)
def test_one_ipv6_network_is_one_machine(pages: Pages, others: str, counted_together: bool) -> None:
    path = f"/tasks/{pages.world.task_id}/fund"
    answers = [
        pages.stranger().client.post(path, environ_base={"REMOTE_ADDR": others.format(number)}).status_code
        for number in range(1, 22)
    ]
    assert (429 in answers) is counted_together


def test_one_mail_begins_few_payments(pages: Pages) -> None:
    path = f"/tasks/{pages.world.task_id}/fund"
    answers = [pages.stranger().post(path, email="same@example.org").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_one_person_asks_the_forge_only_so_often_whatever_they_press(pages: Pages) -> None:
    pages.world.linked()
    task, claim = f"/tasks/{pages.world.task_id}", f"/claims/{pages.world.claim().id}"
    dara = pages.signed_in(DARA)
    asking = ["/claim", "/open", "/cancel", "/uncancel"] * 4 + ["/claim"]
    answers = [dara.post(f"{task}{press}").status_code for press in asking]
    answers += [dara.post(f"{claim}/{press}").status_code for press in ("confirm", "unlink", "object")]
    assert 429 not in answers
    blocked = (f"{claim}/settle", f"{claim}/object", f"{task}/claim", "/tasks/new")
    assert [dara.post(path).status_code for path in blocked] == [429] * 4
    assert dara.get("/projects/1/issues").status_code == 429
    assert dara.get("/github/installed").status_code == 429
    assert pages.signed_in(CLEO).post(f"{task}/cancel").status_code == 403
    assert dara.get(task).status_code == 200


def count_tries(**changes: int) -> None:
    settings.use(settings.current().model_copy(update={"RATE_LIMITS": True, **changes}))


def test_one_payment_too_many_in_an_hour_comes_back_with_what_was_typed(pages: Pages) -> None:
    count_tries(CHECKOUTS_PER_HOUR_MAIL=1)
    path = f"/tasks/{pages.world.task_id}/fund"
    first = pages.stranger().post(path, **fund_form(pages))
    asked = len(pages.outside.gateway.calls)
    answer = pages.stranger().post(path, **fund_form(pages, amount="31"))
    assert (first.status_code, answer.status_code) == (303, 429)
    assert re.search(r"Try again at \d\d:\d\d UTC, or write to", words(answer))
    assert 'value="31"' in answer.text and 'value="Guest@Example.org"' in answer.text
    assert len(pages.outside.gateway.calls) == asked
    assert len(pages.world.rows(Payment)) == 1


def test_tries_are_counted_by_network_whatever_mail_is_typed(pages: Pages) -> None:
    count_tries(CHECKOUTS_PER_HOUR_ADDRESS=1)
    path = f"/tasks/{pages.world.task_id}/fund"
    answers = [pages.stranger().post(path, **fund_form(pages, email=f"{name}@example.org")) for name in "ab"]
    assert [answer.status_code for answer in answers] == [303, 429]


def test_one_promise_too_many_in_an_hour_comes_back_with_what_was_typed(pages: Pages) -> None:
    count_tries(CHECKOUTS_PER_HOUR_ADDRESS=1)
    path = f"/tasks/{pages.world.task_id}/promise"
    first = pages.stranger().post(path, **promise_form(pages))
    answer = pages.stranger().post(path, **promise_form(pages, amount="31", email="other@example.org"))
    assert (first.status_code, answer.status_code) == (303, 429)
    assert "Try again at" in words(answer) and 'value="31"' in answer.text
    assert len(pages.outside.gateway.pages) == 1


def test_one_renewal_too_many_in_an_hour_says_when_to_try_again(pages: Pages) -> None:
    held, cleo = pages.world.pay(), pages.signed_in(CLEO)
    count_tries(CHECKOUTS_PER_HOUR_MAIL=1)
    answer = cleo.post(f"/contributions/{held.id}/renew", consent="yes")
    assert answer.status_code == 429
    assert "Try again at" in words(answer)
    assert len(pages.world.rows(Payment)) == 1


def test_looking_is_free(pages: Pages) -> None:
    cleo = pages.signed_in(CLEO)
    assert {cleo.get("/tasks/new").status_code for _ in range(30)} == {200}


def test_who_was_too_quick_is_told_when_to_try_again(pages: Pages) -> None:
    path = f"/tasks/{pages.world.task_id}/fund"
    answers = [pages.stranger().post(path, email=f"a{number}@example.org") for number in range(21)]
    assert re.search(r"Try again in (a minute|2 minutes)\.", words(answers[-1]))
    assert words(answers[-1]).count("Slowly, please") == 1


@pytest.mark.parametrize(("seconds", "said"), [(59, "a minute"), (61, "2 minutes"), (3599, "60 minutes")])
def test_an_hourly_limit_says_how_long_it_lasts(seconds: float, said: str) -> None:
    assert wait(seconds) == f"Try again in {said}."
