"""`/operator/reports`: tax due per country and quarter, and what payees were paid, also as CSV. Changes nothing."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, render_template, request

from bountyhub.http.session import require_operator
from bountyhub.kit import clock
from bountyhub.kit.database import reading
from bountyhub.kit.money import Money, major
from bountyhub.ledger.vat import vat_by_quarter
from bountyhub.payouts.reports import PaidRow, paid_per_payee

blueprint = Blueprint("operator_reports", __name__)
HEAD = ("year", "quarter", "account", "country", "currency", "transferred", "reversed", "net", "transfers")
FIRST_YEAR, LAST_YEAR = 2000, 9998


@blueprint.get("/operator/reports")
def show() -> str:
    """The reports of one year: this one, or `?year=`."""
    require_operator()
    year = _year()
    with reading() as session:
        payees, vat = paid_per_payee(session, year), vat_by_quarter(session, year)
    rows = [(row, Money(row.net, row.currency)) for row in payees]
    taxes = [(tax, Money(tax.earned, tax.currency), Money(tax.paid, tax.currency)) for tax in vat]
    return render_template("admin/reports.html", year=year, payees=rows, vat=taxes)


@blueprint.get("/operator/reports/payees.csv")
def payees() -> Response:
    """What payees were paid in a year, or in one quarter of it (`?quarter=`)."""
    require_operator()
    year, quarter = _year(), request.args.get("quarter", type=int)
    with reading() as session:
        made = Response(payees_csv(paid_per_payee(session, year, quarter)), mimetype="text/csv; charset=utf-8")
    name = f"payees-{year}{f'-q{quarter}' if quarter else ''}.csv"
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    made.headers["Cache-Control"] = "no-store"
    return made


def payees_csv(rows: list[PaidRow]) -> str:
    """The report as spreadsheets read it, amounts in major units."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for row in rows:
        sums = [major(Money(amount, row.currency)) for amount in (row.transferred, row.reversed, row.net)]
        writer.writerow([row.year, row.quarter, row.account, row.country, row.currency, *sums, row.transfers])
    return out.getvalue()


def _year() -> int:
    return min(max(request.args.get("year", clock.now().year, type=int), FIRST_YEAR), LAST_YEAR)
