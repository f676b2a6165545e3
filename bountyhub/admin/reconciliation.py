"""`/operator/reconciliation`: each movement that stands differently in the two books, and what to do."""

from __future__ import annotations

from flask import Blueprint, render_template

from bountyhub.funding.operations import reconciliation as kept
from bountyhub.http.session import require_operator
from bountyhub.kit.database import reading

blueprint = Blueprint("operator_reconciliation", __name__)

_HERE = "Its webhook or job has not been handled: see the jobs that failed. It is booked when they are."
#: The processor's word for a movement → what to do about one that differs.
ADVICE = {
    "charge": _HERE,
    "payment": _HERE,
    "refund": f"{_HERE} A refund made in the processor’s dashboard is none of ours: say so to its support.",
    "payment_refund": _HERE,
    "refund_failure": _HERE,
    "transfer": "Look the object up at the processor: a transfer sent by hand there is none of ours; reverse it.",
    "transfer_refund": _HERE,
    "topup": "Booked within a minute; if not, see the jobs that failed.",
    "payout": "The processor paid out to your bank: it is booked by its event; if not, see the jobs that failed.",
    "unknown": "Only our books have it: ask the processor’s support what became of it. Sends nothing again by itself.",
}
OTHER = "Nobody books movements of this kind. Find out at the processor what it is, and tell the maintainers."


@blueprint.get("/operator/reconciliation")
def show() -> str:
    """What differs now, what is on its way, and what agreed lately."""
    require_operator()
    with reading() as session:
        open_ = kept.open_discrepancies(session)
        return render_template(
            "admin/reconciliation.html",
            walked=kept.walked(session),
            differing=[(row, ADVICE.get(row.kind, OTHER)) for row in open_ if kept.stays(row)],
            coming=[row for row in open_ if not kept.stays(row)],
            ended=kept.ended_discrepancies(session),
        )
