"""Verbs of work; one file per verb group. None of them commits."""

from __future__ import annotations

from bountyhub.funding.operations.evidence import answer_dispute
from bountyhub.work.operations.attempts import begin_attempt, withdraw_attempt
from bountyhub.work.operations.blocking import block_person, unblock_person
from bountyhub.work.operations.branches import list_branches
from bountyhub.work.operations.claims import record_check_run, try_check_run
from bountyhub.work.operations.comments import (
    choose_languages,
    record_comment,
    record_label,
    record_look,
    record_refusal,
    record_removal,
    repositories_writable,
    show_again,
    switch_label,
    try_comment,
)
from bountyhub.work.operations.disputes import record_dispute
from bountyhub.work.operations.ends import (
    app_installed,
    app_removed,
    cancel_task,
    end_due,
    follow_archiving,
    forget_unwanted,
    issue_gone,
    record_issue,
    repository_gone,
    uncancel_task,
)
from bountyhub.work.operations.forgetting import forget
from bountyhub.work.operations.fraud_warnings import end_warning, keep_warned, record_fraud_warning
from bountyhub.work.operations.landed import land_on_task, name_person
from bountyhub.work.operations.late import confirm_claim, lapse_claim, unlink_claim
from bountyhub.work.operations.merges import record_pull_request
from bountyhub.work.operations.money import be_quiet, end_life, end_notice, remind, stay, withdraw
from bountyhub.work.operations.moving import move, why_not
from bountyhub.work.operations.objections import (
    end_window,
    object_to_claim,
    settle_by_facts,
    settle_claim,
    withdraw_objection,
)
from bountyhub.work.operations.pausing import end_pause, pause_project, resume_project
from bountyhub.work.operations.policies import open_by_label, record_policy
from bountyhub.work.operations.requests import endorse_request, refuse_request
from bountyhub.work.operations.reverts import look_again, note_reverts
from bountyhub.work.operations.undoing import confirm_undo, propose_undo, withdraw_undo

__all__ = [
    "answer_dispute",
    "app_installed",
    "app_removed",
    "be_quiet",
    "begin_attempt",
    "block_person",
    "cancel_task",
    "choose_languages",
    "confirm_claim",
    "confirm_undo",
    "end_due",
    "end_life",
    "end_notice",
    "end_pause",
    "end_warning",
    "end_window",
    "endorse_request",
    "follow_archiving",
    "forget",
    "forget_unwanted",
    "issue_gone",
    "keep_warned",
    "land_on_task",
    "lapse_claim",
    "list_branches",
    "look_again",
    "move",
    "name_person",
    "note_reverts",
    "object_to_claim",
    "open_by_label",
    "pause_project",
    "propose_undo",
    "record_check_run",
    "record_comment",
    "record_dispute",
    "record_fraud_warning",
    "record_issue",
    "record_label",
    "record_look",
    "record_policy",
    "record_pull_request",
    "record_refusal",
    "record_removal",
    "refuse_request",
    "remind",
    "repositories_writable",
    "repository_gone",
    "resume_project",
    "settle_by_facts",
    "settle_claim",
    "show_again",
    "stay",
    "switch_label",
    "try_check_run",
    "try_comment",
    "unblock_person",
    "uncancel_task",
    "unlink_claim",
    "why_not",
    "withdraw",
    "withdraw_attempt",
    "withdraw_objection",
    "withdraw_undo",
]
