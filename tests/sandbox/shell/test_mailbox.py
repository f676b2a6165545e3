"""The mailbox: what the application posts can be read, once, by people and by programs, and harms nobody."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

MAIL = {
    "message_id": "<1@bountyhub>",
    "to": "Cleo@Example.test",
    "subject": "Receipt for 25.00 €",
    "text": "Look: http://127.0.0.1:8000/c/abc?x=1&y=2. <b>not bold</b>",
    "html": "<p>Look</p><script>alert(1)</script>",
}


def _send(client: FlaskClient, **changed: Any) -> str:
    return str(client.post("/mailbox/messages", json=MAIL | changed).get_json()["id"])


def test_the_same_mail_sent_twice_arrives_once(client: FlaskClient) -> None:
    assert client.post("/mailbox/messages", json=MAIL).status_code == 201
    assert client.post("/mailbox/messages", json=MAIL | {"subject": "changed"}).status_code == 200
    messages = client.get("/mailbox/messages.json").get_json()["messages"]
    assert [m["subject"] for m in messages] == [MAIL["subject"]]


def test_programs_list_one_persons_mails_newest_first(client: FlaskClient) -> None:
    _send(client)
    _send(client, message_id="2", subject="Second")
    _send(client, message_id="3", to="bo@example.test")
    messages = client.get("/mailbox/messages.json?to=cleo@EXAMPLE.test").get_json()["messages"]
    assert [m["subject"] for m in messages] == ["Second", MAIL["subject"]]


def test_an_incomplete_mail_is_refused(client: FlaskClient) -> None:
    for field in ("message_id", "to", "subject", "text"):
        for value in (None, "", "  ", 7):
            answer = client.post("/mailbox/messages", json=MAIL | {field: value})
            assert answer.status_code == 400 and field in answer.get_json()["error"]
    assert client.get("/mailbox/messages.json").get_json()["messages"] == []


def test_a_body_that_is_no_mail_is_refused(client: FlaskClient) -> None:
    for body in (b"", b"[]", b"not json"):
        answer = client.post("/mailbox/messages", data=body, content_type="application/json")
        assert answer.status_code == 400


def test_an_empty_mailbox_says_how_to_get_mail(client: FlaskClient) -> None:
    assert "No mail yet" in client.get("/mailbox/").text


def test_addresses_and_their_mails_have_pages(client: FlaskClient) -> None:
    _send(client)
    assert "/mailbox/cleo@example.test" in client.get("/mailbox/").text
    assert str(MAIL["subject"]) in client.get("/mailbox/cleo@example.test").text


def test_links_in_the_text_can_be_clicked_and_markup_is_shown_as_text(client: FlaskClient) -> None:
    page = client.get(f"/mailbox/messages/{_send(client)}?view=text").text
    url = "http://127.0.0.1:8000/c/abc?x=1&amp;y=2"
    assert f'<a href="{url}">{url}</a>. &lt;b&gt;not bold' in page


def test_html_mail_is_shown_in_a_frame_that_runs_nothing(client: FlaskClient) -> None:
    id = _send(client)
    page = client.get(f"/mailbox/messages/{id}").text
    assert f'src="/mailbox/messages/{id}/html"' in page and "alert(1)" not in page
    policy = client.get(f"/mailbox/messages/{id}/html").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "allow-scripts" not in policy


def test_a_mail_without_html_is_shown_as_text(client: FlaskClient) -> None:
    id = _send(client, html=None)
    assert "<iframe" not in client.get(f"/mailbox/messages/{id}").text
    assert client.get(f"/mailbox/messages/{id}/html").status_code == 404


def test_an_unknown_mail_is_not_found(client: FlaskClient) -> None:
    assert client.get("/mailbox/messages/none").status_code == 404
