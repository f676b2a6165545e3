"""Sign-in with GitHub: Authlib's code flow with PKCE and state. Routes for pages; the App's keys are not involved.

A person starts with a POST, says yes on GitHub and comes back to the callback, where their numeric id and verified
address are read and handed to `people`.
"""

from __future__ import annotations

from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, current_app, redirect, request
from flask import session as cookie
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from bountyhub import settings
from bountyhub.events import outbox
from bountyhub.funding.operations import join_contributions
from bountyhub.funding.operations.promise_owners import join_promises
from bountyhub.http import session as login
from bountyhub.integrations.github import reading
from bountyhub.kit.database import transaction
from bountyhub.kit.errors import DomainError
from bountyhub.people.models import Person
from bountyhub.people.operations import retire, sign_in_with_forge, signs_in_by_mail_alone
from bountyhub.ports.forge import ForgePerson
from bountyhub.work.operations.joining import hand_over

blueprint = Blueprint("github_sign_in", __name__)

TIMEOUT_SECONDS = 5
#: Sign-ins begun and not finished that one browser's cookie remembers.
MOST_BEGUN = 3
_STATE = "_state_github_"


class SignInFailed(DomainError):
    """Signing in with GitHub didn't work out; nothing changed."""

    code = "sign_in_failed"
    advice = "Try again, or ask for a sign-in link by e-mail."


class GitHubAway(SignInFailed):
    """GitHub didn't answer, or not as it should."""

    status = 503
    code = "github_away"
    advice = "Try again in a minute, or ask for a sign-in link by e-mail."


def register(app: Flask) -> None:
    """Add the routes and the OAuth client of this application; called by `create_app`."""
    ours = settings.current()
    oauth = OAuth(app)
    oauth.register(
        "github",
        client_id=ours.GITHUB_CLIENT_ID,
        client_secret=ours.GITHUB_CLIENT_SECRET.get_secret_value(),
        authorize_url=f"{ours.GITHUB_WEB_URL}/login/oauth/authorize",
        access_token_url=f"{ours.GITHUB_WEB_URL}/login/oauth/access_token",
        api_base_url=f"{ours.GITHUB_API_URL}/",
        client_kwargs={
            "scope": "read:user user:email",
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "client_secret_post",
            "default_timeout": TIMEOUT_SECONDS,
        },
    )
    app.register_blueprint(blueprint)


@blueprint.post("/sign-in/github")
def start() -> Response:
    """Send the browser to GitHub; remember where it wanted to go together with the state."""
    client = _client()
    back = f"{settings.current().PUBLIC_URL}/sign-in/github/callback"
    begun = client.create_authorization_url(back)
    _forget_old()
    client.save_authorize_data(redirect_uri=back, next=login.safe_next(request.form.get("next")), **begun)
    return redirect(begun["url"], 303)


@blueprint.get("/sign-in/github/callback")
def callback() -> Response:
    """Exchange the code, learn who it is, sign them in."""
    client = _client()
    state = request.args.get("state", "")
    begun = client.framework.get_state_data(cookie, state) or {}
    try:
        token = client.authorize_access_token()
        person, email = _who(client, token)
    except AuthlibBaseError as error:
        raise _refusal(error) from error
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        current_app.logger.warning("sign-in with GitHub: %s", type(error).__name__)
        raise GitHubAway("GitHub didn't answer.") from error
    _sign_in(person, email)
    return redirect(login.safe_next(begun.get("next")), 303)


def _sign_in(person: ForgePerson, email: str | None) -> None:
    here = login.current_person()
    with transaction() as session:
        current = session.get(Person, here.id) if here else None
        by_mail = current if current is not None and signs_in_by_mail_alone(session, current) else None
        signed_in = sign_in_with_forge(session, person, email, by_mail)
        if by_mail is not None:  # they have just proven both
            _join(session, by_mail, signed_in)
        join_contributions(session, signed_in)
        join_promises(session, signed_in)
        outbox.add(session, "forge.refresh_roles", key=f"roles:{signed_in.id}", person=signed_in.id)
    login.sign_in(signed_in.id)


def _join(session: Session, by_mail: Person, signed_in: Person) -> None:
    hand_over(session, by_mail, signed_in)
    if by_mail.id != signed_in.id:
        retire(session, by_mail, signed_in)


def _who(client: Any, token: Any) -> tuple[ForgePerson, str | None]:
    """The person behind a token, and their primary address if GitHub verified it."""
    person = reading.person(_get(client, token, "user"))
    answer = client.get("user/emails", token=token)
    # The App may lack the permission to read addresses: signing in works without one.
    emails = answer.json() if answer.status_code == 200 else []
    return person, next((item["email"] for item in emails if item["primary"] and item["verified"]), None)


def _get(client: Any, token: Any, path: str) -> Any:
    answer = client.get(path, token=token)
    answer.raise_for_status()
    return answer.json()


def _refusal(error: AuthlibBaseError) -> SignInFailed:
    if error.error == "access_denied":
        return SignInFailed("You didn't let GitHub tell us who you are.", advice="Nothing was changed.")
    if error.error == "mismatching_state":
        return SignInFailed("This sign-in was not started in this browser, or too long ago.")
    return SignInFailed("GitHub didn't accept this sign-in; it may have been used already.")


def _client() -> Any:
    return current_app.extensions["authlib.integrations.flask_client"].github


def _forget_old() -> None:
    """Keep the cookie small: somebody who clicks many times finishes one of the last."""
    begun = sorted((key for key in cookie if key.startswith(_STATE)), key=lambda key: cookie[key]["exp"])
    for key in begun[: len(begun) - MOST_BEGUN + 1] if len(begun) >= MOST_BEGUN else []:
        cookie.pop(key)
