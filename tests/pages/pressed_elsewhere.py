"""Buttons that other files than `test_double_clicks.py` press twice."""

from __future__ import annotations

#: Buttons that are pressed twice beside the rest of what is said of them, and by which test.
ELSEWHERE = {
    "/c/<secret>/other-way": "tests/admin/test_other_way.py::test_its_backer_names_an_account_by_the_mailed_link",
    "/c/<secret>/quiet": "tests/pages/test_life.py::test_the_mailed_link_pays_anew",
    "/c/<secret>/renew": "tests/pages/test_life.py::test_the_mailed_link_pays_anew",
    "/claims/<int:claim_id>/name": "tests/pages/test_landing.py::test_named_twice_is_named_once",
    "/claims/<int:claim_id>/split": "tests/pages/test_split.py::test_pressed_twice_it_is_said_once",
    "/contributions/<int:contribution_id>/move":
        "tests/pages/test_life.py::test_a_task_is_chosen_looked_at_and_then_it_moves_once",
    "/contributions/<int:contribution_id>/other-way":
        "tests/admin/test_other_way.py::test_its_backer_names_an_account_signed_in",
    "/contributions/<int:contribution_id>/quiet": "tests/pages/test_life.py::test_its_backer_hears_no_more_of_it",
    "/contributions/<int:contribution_id>/renew": "tests/pages/test_life.py::test_pressed_twice_it_is_one_payment",
    "/not-me/<secret>": "tests/pages/test_payees.py::test_saying_that_it_was_not_me",
    "/p/<secret>/confirm": "tests/pages/test_promise.py::test_the_bank_s_page_and_back",
    "/p/<secret>/withdraw": "tests/pages/test_promise.py::test_a_mailed_link_looks_and_withdraws",
    "/projects/<int:project_id>/bot": "tests/pages/test_bot.py::test_pressed_twice_it_happens_once",
    "/projects/<int:project_id>/branches": "tests/pages/test_project_branches.py::test_saving_twice_is_saving_once",
    "/projects/<int:project_id>/imports": "tests/pages/test_imports.py::test_pressed_twice_it_is_one_import",
    "/projects/<int:project_id>/imports/<int:import_id>/stop":
        "tests/pages/test_imports.py::test_a_maintainer_stops_it_twice",
    "/projects/<int:project_id>/labels": "tests/pages/test_imports.py::test_a_label_is_followed_and_let_go_twice",
    "/projects/<int:project_id>/pause": "tests/pages/test_pausing.py::test_pressed_twice_it_happens_once",
    "/projects/<int:project_id>/payee": "tests/pages/test_redirecting.py::test_a_decider_names_the_project_s_account",
    "/projects/<int:project_id>/people": "tests/pages/test_blocking.py::test_pressed_twice_it_happens_once",
    "/projects/<int:project_id>/people/<int:block_id>/unblock":
        "tests/pages/test_blocking.py::test_pressed_twice_it_happens_once",
    "/projects/<int:project_id>/requests/<int:task_id>/endorse":
        "tests/pages/test_requests.py::test_answered_twice_is_answered_once",
    "/projects/<int:project_id>/requests/<int:task_id>/refuse":
        "tests/pages/test_requests.py::test_answered_twice_is_answered_once",
    "/projects/<int:project_id>/policy/read": "tests/pages/test_policy.py::test_a_maintainer_has_it_read_again_once",
    "/projects/<int:project_id>/resume": "tests/pages/test_pausing.py::test_pressed_twice_it_happens_once",
    "/promises/<int:promise_id>/confirm": "tests/pages/test_promise.py::test_the_bank_s_page_and_back",
    "/promises/<int:promise_id>/withdraw": "tests/pages/test_promise.py::test_its_backer_withdraws_signed_in_twice",
    "/shares/<int:share_id>/redirect": "tests/pages/test_redirecting.py::test_a_share_goes_to_a_charity_once",
    "/tasks/<int:task_id>/attempt": "tests/pages/test_attempts.py::test_pressed_twice_it_happens_once",
    "/tasks/<int:task_id>/landed": "tests/pages/test_landing.py::test_landed_pressed_twice_is_one_claim",
    "/tasks/<int:task_id>/promise": "tests/pages/test_promise.py::test_a_double_click_is_one_promise",
    "/tasks/<int:task_id>/show-comment": "tests/pages/test_bot.py::test_pressed_twice_it_happens_once",
    "/tasks/<int:task_id>/unattempt": "tests/pages/test_attempts.py::test_pressed_twice_it_happens_once",
}  # fmt: skip
