"""`GET /api/v1/ledger/…`: the public books. Parties have a random name in each task; nobody is named here."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from bountyhub import settings
from bountyhub.api import books
from bountyhub.api.parameters import BadFilter, limit, next_page, number, word
from bountyhub.api.shapes import Json
from bountyhub.funding.queries import behind, refs_of_task
from bountyhub.http.lately import lately
from bountyhub.kit.database import reading, see_one_state
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import EXPONENTS
from bountyhub.ledger import public
from bountyhub.ledger.flows import FLOWS
from bountyhub.ledger.overview import Overview, overview
from bountyhub.ledger.public import Wanted
from bountyhub.tasks.models import Task

blueprint = Blueprint("api_ledger", __name__, url_prefix="/api/v1/ledger")


@blueprint.get("/entries")
def entries() -> Response:
    """Entries in booking order: `after` (an entry's number), `limit` (1 to 100), `task`, `kind`."""
    count, after, kind, task = limit(), number("after", 0), word("kind", FLOWS), number("task", 0)
    with reading() as session:
        if task and session.get(Task, task) is None:
            raise NotFound("There is no such task.")
        wanted = Wanted(kind, refs_of_task(session, task) if task else None)
        found = public.entries(session, wanted, count + 1, after=after)
        known = behind(session, books.contributions(found))
    shown = found[:count]
    last = shown[-1].id if len(found) > count else None
    return _json({"entries": [books.entry(one, known) for one in shown], "after": last, "next": next_page(last)})


@blueprint.get("/entries/<int:entry_id>")
def entry(entry_id: int) -> Response:
    """One entry with its lines."""
    with reading() as session:
        found = public.entry(session, entry_id)
        if found is None:
            raise NotFound("No entry of the books has that number.", advice="The last ones are at /transparency.")
        known = behind(session, books.contributions([found]))
    return _json(books.entry(found, known))


@blueprint.get("/accounts/<path:path>")
def account(path: str) -> Response:
    """What one account holds and its lines in booking order: `currency`, `after` (a line's number), `limit`."""
    count, after, currency = limit(), number("after", 0), _currency()
    with reading() as session:
        found = public.account(session, path, currency)
        if found is None:
            raise NotFound(f"The books have no such account in {currency}.", advice="Take its path from an entry.")
        lines = public.lines_of_account(session, found, count + 1, after=after)
        known = behind(session, [found.contribution] if found.contribution else [])
    last = lines[count - 1].number if len(lines) > count else None
    shown = books.account(found, lines[:count], known)
    return _json(shown | {"after": last, "next": next_page(last)})


@blueprint.get("/totals")
def totals() -> Response:
    """Every currency's sums, whether they add up, and whether what there is covers what is owed; at most some seconds
    old."""
    found = lately("totals", _overview)
    return _json({"currencies": [books.totals(one) for one in found]})


def _overview() -> list[Overview]:
    with reading() as session:
        see_one_state(session)
        return overview(session)


def _currency() -> str:
    used = settings.current().CURRENCIES
    currency = request.args.get("currency", used[0] if len(used) == 1 else "")
    if currency not in EXPONENTS:
        raise BadFilter("currency is missing or unknown.", advice=f"Three letters, like {used[0]}.")
    return currency


def _json(body: Json) -> Response:
    answer = jsonify(body)
    answer.headers["Cache-Control"] = "public, max-age=5"
    return answer
