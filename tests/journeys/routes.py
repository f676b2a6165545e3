"""Which addresses the page matrix opens for each GET route, and what each role gets there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bountyhub.app import create_app
from tests.builders.settings import play_settings
from tests.journeys.filled import Filled

MAINTAINERS_ONLY = {"signed-out": 303, "developer": 403, "backer": 403, "outsider": 403, "operator": 403}
Paths = Callable[[Filled], list[str]]
SIGNED_IN = ("maintainer", "developer", "backer", "outsider", "operator")


def get_rules(database: str) -> set[str]:
    """Every GET route of the application."""
    app = create_app(play_settings(DATABASE_URL=database))
    return {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}


@dataclass(frozen=True)
class Visit:
    """Addresses of one route; `status` is what everybody gets, but for the roles in `others`."""

    paths: Paths
    status: int = 200
    others: dict[str, int] = field(default_factory=dict)

    def expected(self, role: str) -> int:
        """What a role gets."""
        return self.others.get(role, self.status)


def _only_signed_in(paths: Paths, **others: int) -> Visit:
    return Visit(paths, others={"signed-out": 303, **others})


def _tasks(filled: Filled) -> list[str]:
    tabs = ("contributions", "pulls", "money", "activity")
    many = [f"/tasks/{filled.tasks[name]}?tab={tab}" for name in ("window", "paid") for tab in tabs]
    return [*(f"/tasks/{id}" for id in filled.tasks.values()), f"/tasks/{filled.tasks['late']}?tab=pulls", *many]


VISITED: dict[str, Visit] = {
    "/": Visit(lambda f: ["/"]),
    "/tasks": Visit(lambda f: ["/tasks", "/tasks?state=open&sort=amount", "/tasks?q=nothing+like+this"]),
    "/tasks/new": Visit(lambda f: ["/tasks/new"]),
    "/tasks/<int:task_id>": Visit(_tasks),
    "/tasks/<int:task_id>/fund": Visit(
        lambda f: [f"/tasks/{f.tasks[name]}/fund" for name in ("funded", "wanted", "paid")]
    ),
    "/tasks/<int:task_id>/promise": Visit(
        lambda f: [f"/tasks/{f.tasks[name]}/promise" for name in ("funded", "wanted", "paid")]
    ),
    "/tasks/<int:task_id>/money": Visit(
        lambda f: [f"/tasks/{f.tasks[name]}/money" for name in ("empty", "paid", "cancelled")]
    ),
    "/transparency": Visit(lambda f: ["/transparency"]),
    "/paid/<ref>": Visit(lambda f: [f"/paid/{f.payment}"]),
    "/contributions/<int:contribution_id>": Visit(
        lambda f: [f"/contributions/{f.contribution}"],
        others={"signed-out": 303, "maintainer": 404, "developer": 404, "outsider": 404, "operator": 404},
    ),
    "/c/<secret>": Visit(lambda f: [f.links["receipt"]]),
    "/contributions/<int:contribution_id>/receipt.json": Visit(
        lambda f: [f"/contributions/{f.contribution}/receipt.json"],
        others={"signed-out": 303, "maintainer": 404, "developer": 404, "outsider": 404, "operator": 404},
    ),
    "/contributions/<int:contribution_id>/other-way": Visit(
        lambda f: [f"/contributions/{f.contribution}/other-way"],
        others={"signed-out": 303, "maintainer": 404, "developer": 404, "outsider": 404, "operator": 404},
    ),
    "/contributions/<int:contribution_id>/renew": Visit(
        lambda f: [f"/contributions/{f.contribution}/renew"],
        others={"signed-out": 303, "maintainer": 404, "developer": 404, "outsider": 404, "operator": 404},
    ),
    "/contributions/<int:contribution_id>/move": Visit(
        lambda f: [f"/contributions/{f.contribution}/move"],
        others={"signed-out": 303, "maintainer": 404, "developer": 404, "outsider": 404, "operator": 404},
    ),
    "/c/<secret>/other-way": Visit(lambda f: [f"{f.links['receipt']}/other-way"]),
    "/c/<secret>/renew": Visit(lambda f: [f"{f.links['receipt']}/renew"]),
    "/claims/<int:claim_id>": Visit(lambda f: [f"/claims/{id}" for id in f.claims.values()]),
    "/legal/<name>": Visit(lambda f: ["/legal/terms", "/legal/privacy"]),
    "/legal/imprint": Visit(lambda f: ["/legal/imprint"]),
    "/projects": Visit(lambda f: ["/projects"]),
    "/projects/<int:project_id>": Visit(lambda f: [f"/projects/{f.project}"]),
    "/projects/<int:project_id>/issues": Visit(
        lambda f: [f"/projects/{f.project}/issues"],
        others=MAINTAINERS_ONLY,
    ),
    "/projects/<int:project_id>/bot": Visit(
        lambda f: [f"/projects/{f.project}/bot", f"/projects/{f.project}/bot?issue=1"],
        others=MAINTAINERS_ONLY,
    ),
    "/projects/<int:project_id>/desk": Visit(lambda f: [f"/projects/{f.project}/desk"], others=MAINTAINERS_ONLY),
    "/projects/<int:project_id>/requests": Visit(
        lambda f: [f"/projects/{f.project}/requests"], others=MAINTAINERS_ONLY
    ),
    "/projects/<int:project_id>/imports/<int:import_id>": Visit(
        lambda f: [f"/projects/{f.project}/imports/999999"], 404, MAINTAINERS_ONLY
    ),
    "/projects/<int:project_id>/people": Visit(
        lambda f: [f"/projects/{f.project}/people"],
        others=MAINTAINERS_ONLY,
    ),
    "/projects/<int:project_id>/pause": Visit(
        lambda f: [f"/projects/{f.project}/pause"],
        others=MAINTAINERS_ONLY,
    ),
    "/projects/<int:project_id>/policy": Visit(
        lambda f: [f"/projects/{f.project}/policy"],
        others=MAINTAINERS_ONLY,
    ),
    "/policy-file": Visit(lambda f: ["/policy-file"]),
    "/me/receipts.csv": _only_signed_in(lambda f: ["/me/receipts.csv"]),
    "/contributions/<int:contribution_id>/papers/<ref>": Visit(
        lambda f: [f"/contributions/{f.contribution}/papers/made-up"], 404, {"signed-out": 303}
    ),
    "/c/<secret>/papers/<ref>": Visit(lambda f: [f"{f.links['receipt']}/papers/made-up"], 404),
    "/me": _only_signed_in(lambda f: ["/me"]),
    "/me/address/<secret>": Visit(lambda f: ["/me/address/made-up"], 410, {"signed-out": 303}),
    "/me/payout-account/return": Visit(lambda f: ["/me/payout-account/return"], 303),
    "/me/payout-account/again": Visit(lambda f: ["/me/payout-account/again"], 303),
    "/sign-in": Visit(lambda f: ["/sign-in", "/sign-in?next=/tasks/new"], 303, {"signed-out": 200}),
    "/sign-in/link/<secret>": Visit(lambda f: [f.links["sign_in"]]),
    "/shares/<int:share_id>/redirect": Visit(lambda f: ["/shares/999999/redirect"], 404, {"signed-out": 303}),
    "/not-me/<secret>": Visit(lambda f: ["/not-me/made-up"], 410),
    "/api/v1/tasks": Visit(lambda f: ["/api/v1/tasks"]),
    "/api/v1/tasks/<int:task_id>": Visit(lambda f: [f"/api/v1/tasks/{f.tasks['paid']}"]),
    "/api/v1/ledger/entries": Visit(lambda f: ["/api/v1/ledger/entries"]),
    "/api/v1/ledger/entries/<int:entry_id>": Visit(lambda f: ["/api/v1/ledger/entries/1"]),
    "/api/v1/ledger/accounts/<path:path>": Visit(lambda f: ["/api/v1/ledger/accounts/clearing?currency=EUR"]),
    "/api/v1/ledger/totals": Visit(lambda f: ["/api/v1/ledger/totals"]),
    "/api/v1/ledger/checkpoints": Visit(lambda f: ["/api/v1/ledger/checkpoints"]),
    "/api/v1/ledger/checkpoint": Visit(lambda f: ["/api/v1/ledger/checkpoint"]),
    "/api/v1/ledger/entries/<int:entry_id>/proof": Visit(lambda f: ["/api/v1/ledger/entries/1/proof"]),
    "/api/v1/ledger/consistency": Visit(lambda f: ["/api/v1/ledger/consistency"], 400),
    "/api/v1/ledger/key": Visit(lambda f: ["/api/v1/ledger/key"]),
    "/operator": Visit(lambda f: ["/operator"], 404, {"operator": 200}),
    "/operator/stops": Visit(lambda f: ["/operator/stops"], 404, {"operator": 200}),
    "/operator/undo": Visit(lambda f: ["/operator/undo"], 404, {"operator": 200}),
    "/operator/undo/<int:claim_id>": Visit(lambda f: [f"/operator/undo/{f.claims['paid']}"], 404, {"operator": 200}),
    "/operator/disputes": Visit(lambda f: ["/operator/disputes"], 404, {"operator": 200}),
    "/operator/disputes/<ref>": Visit(lambda f: ["/operator/disputes/nothing"], 404, {"operator": 404}),
    "/operator/reconciliation": Visit(lambda f: ["/operator/reconciliation"], 404, {"operator": 200}),
    "/operator/own-money": Visit(lambda f: ["/operator/own-money"], 404, {"operator": 200}),
    "/operator/suspense": Visit(lambda f: ["/operator/suspense"], 404, {"operator": 200}),
    "/operator/reports": Visit(lambda f: ["/operator/reports"], 404, {"operator": 200}),
    "/operator/reports/payees.csv": Visit(lambda f: ["/operator/reports/payees.csv"], 404, {"operator": 200}),
    "/operator/unclaimed": Visit(lambda f: ["/operator/unclaimed"], 404, {"operator": 200}),
    "/operator/github": Visit(lambda f: ["/operator/github"], 404, {"operator": 200}),
    "/operator/github/created": Visit(lambda f: ["/operator/github/created"], 404, {"operator": 422}),
    "/operator/treasury": Visit(lambda f: ["/operator/treasury"], 404, {"operator": 200}),
    "/metrics": Visit(lambda f: ["/metrics"]),
    "/favicon.ico": Visit(lambda f: ["/favicon.ico"]),
    "/healthz": Visit(lambda f: ["/healthz"]),
    "/readyz": Visit(lambda f: ["/readyz"]),
    "/github/install": Visit(lambda f: ["/github/install"], 303),
    "/github/installed": Visit(
        lambda f: [
            "/github/installed?setup_action=request",
            f"/github/installed?installation_id={f.installation}&setup_action=install",
        ],
        303,
    ),
    "/sign-in/github/callback": Visit(lambda f: ["/sign-in/github/callback"], 400),
}
NOT_VISITED = {
    "/promised/<ref>": "nobody promised there; tests/pages/test_promise.py",
    "/promises/<int:promise_id>": "nobody promised there; tests/pages/test_promise.py",
    "/p/<secret>": "nobody promised there; tests/pages/test_promise.py",
    "/static/<path:filename>": "files, not pages; every page loads some",
    "/c/<secret>/receipt.json": "not sealed yet while this is looked at; tests/pages/test_contribution.py",
}
