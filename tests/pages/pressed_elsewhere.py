"""More buttons that are pressed twice beside the rest of what is said of them, and by which test."""

from __future__ import annotations

MORE = {
    "/contributions/<int:contribution_id>/move":
        "tests/pages/test_life.py::test_a_task_is_chosen_looked_at_and_then_it_moves_once",
    "/contributions/<int:contribution_id>/other-way":
        "tests/admin/test_other_way.py::test_its_backer_names_an_account_signed_in",
    "/projects/<int:project_id>/imports": "tests/pages/test_imports.py::test_pressed_twice_it_is_one_import",
    "/projects/<int:project_id>/imports/<int:import_id>/stop":
        "tests/pages/test_imports.py::test_a_maintainer_stops_it_twice",
    "/projects/<int:project_id>/labels": "tests/pages/test_imports.py::test_a_label_is_followed_and_let_go_twice",
    "/projects/<int:project_id>/requests/<int:task_id>/endorse":
        "tests/pages/test_requests.py::test_answered_twice_is_answered_once",
    "/projects/<int:project_id>/requests/<int:task_id>/refuse":
        "tests/pages/test_requests.py::test_answered_twice_is_answered_once",
}  # fmt: skip
