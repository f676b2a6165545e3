"""One task: its page with tabs, and the buttons that open, want, claim, cancel it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from bountyhub.http import limits
from bountyhub.http.session import current_person, require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.pages.acting import Acting, acting_in, actor_now
from bountyhub.pages.claiming import claim_with
from bountyhub.pages.contexts.funding import default_amount, fund_box, typed
from bountyhub.pages.contexts.task import task_page
from bountyhub.pages.forms.fields import landed_form, pull_form
from bountyhub.pages.forms.funding import new_fund_form
from bountyhub.pages.issues import follow_issue_of
from bountyhub.pages.keeping import redraws, refill, refill_actions
from bountyhub.pages.typed import asked, posted
from bountyhub.projects.rules import is_decider, is_maintainer
from bountyhub.tasks.models import EndsReason, Task, TaskState
from bountyhub.tasks.operations import lock_task, want
from bountyhub.work.errors import NotADecider, NotAMaintainer
from bountyhub.work.operations import begin_attempt, cancel_task, endorse_request, uncancel_task, withdraw_attempt

blueprint = Blueprint("task", __name__)
OPENED = "Open: people can put money on it now."
TABS = ("description", "contributions", "pulls", "money", "activity")


@blueprint.get("/tasks/<int:task_id>")
def show(task_id: int) -> str:
    """The page; an unknown tab is the first."""
    tab = asked("tab")
    return _render(task_id, tab if tab in TABS else TABS[0])


def show_pulls(task_id: int) -> str:
    """The tab with the form that claims."""
    return _render(task_id, "pulls")


def _render(task_id: int, tab: str) -> str:
    person = current_person()
    with reading() as session:
        task = task_page(session, task_id, person.id if person else None, tab)
    for actions in (task.actions, *(claim.actions for claim in task.claims)):
        refill_actions(actions)
    amount = asked("amount")[:20] or typed(default_amount(task.held.currency))
    form = refill(new_fund_form(person, amount), f"{task.url}/fund")
    claiming = refill(pull_form(), f"{task.url}/claim", "pull_url")
    landing = refill(landed_form(), f"{task.url}/landed", "author")
    box = fund_box(form, task.held.currency)
    return render_template(
        "tasks/task.html", task=task, tab=tab, pull_form=claiming, landed_form=landing, **vars(box)
    )  # fmt: skip


@blueprint.post("/tasks/<int:task_id>/open")
@limits.asks_forge
@redraws(show)
def open_(task_id: int) -> Response:
    """A maintainer opens a wanted task to funding."""
    acting = acting_in(_repository_id(task_id))
    if not is_maintainer(acting.permission):
        raise NotAMaintainer()
    follow_issue_of(task_id)
    with transaction() as session:
        endorse_request(session, task_id, acting.actor, acting.permission)
    return _back(task_id, OPENED)


@blueprint.post("/tasks/<int:task_id>/want")
def want_(task_id: int) -> Response:
    """One more person who wants it; a stranger signs in and comes back to it."""
    person = current_person()
    if person is None:
        return redirect(f"/sign-in?next=/tasks/{task_id}", 303)
    with transaction() as session:
        want(session, lock_task(session, task_id), person.id)
    return _back(task_id, "Noted: you want this.")


@blueprint.post("/tasks/<int:task_id>/claim")
@limits.asks_forge
@redraws(show_pulls)
def claim(task_id: int) -> Response:
    """The author of a pull request says that it stands for this task."""
    number = claim_with(task_id, posted("pull_url"))
    return _back(task_id, f"Pull request #{number} stands for this task.", tab="pulls")


@blueprint.post("/tasks/<int:task_id>/attempt")
@limits.costly
@redraws(show_pulls)
def attempt(task_id: int) -> Response:
    """A developer is on it."""
    require_person()
    with transaction() as session:
        begin_attempt(session, actor_now(session), task_id)
    return _back(task_id, "Noted: you are on it. It lapses in 14 days without a linked pull request.", tab="pulls")


@blueprint.post("/tasks/<int:task_id>/unattempt")
@limits.costly
@redraws(show_pulls)
def unattempt(task_id: int) -> Response:
    """They are not on it any more; a second click finds it done."""
    require_person()
    with transaction() as session:
        withdraw_attempt(session, actor_now(session), task_id)
    return _back(task_id, "Noted: you are not on it any more.", tab="pulls")


@blueprint.post("/tasks/<int:task_id>/cancel")
@limits.asks_forge
@redraws(show)
def cancel(task_id: int) -> Response:
    """A decider ends the task, with a public reason."""
    acting = _deciding_in(_repository_id(task_id))
    with transaction() as session:
        task = lock_task(session, task_id)
        if not _is_cancelled(task):
            cancel_task(session, task_id, acting.actor, acting.permission, posted("reason"))
        ends = task.ends_at is not None
    return _back(task_id, "Its end is announced." if ends else "Cancelled. All money goes back.")


@blueprint.post("/tasks/<int:task_id>/uncancel")
@limits.asks_forge
@redraws(show)
def uncancel(task_id: int) -> Response:
    """A decider takes an announced end back."""
    acting = _deciding_in(_repository_id(task_id))
    with transaction() as session:
        if lock_task(session, task_id).ends_at is not None:  # else it is a second click
            uncancel_task(session, task_id, acting.actor, acting.permission)
    return _back(task_id, "The task goes on.")


def _is_cancelled(task: Task) -> bool:
    """A second click finds it done."""
    return task.state is TaskState.CANCELLED or task.ends_reason is EndsReason.CANCELLED


def _deciding_in(repository_id: int) -> Acting:
    acting = acting_in(repository_id)
    if not is_decider(acting.permission):
        raise NotADecider()
    return acting


def _repository_id(task_id: int) -> int:
    require_person()
    with reading() as session:
        task = session.get(Task, task_id)
    if task is None:
        raise NotFound("There is no such task.")
    return task.repository_id


def _back(task_id: int, said: str, tab: str = "") -> Response:
    flash(said, "success")
    return redirect(f"/tasks/{task_id}" + (f"?tab={tab}" if tab else ""), 303)
