"""`/api/v1/ledger/…`: checkpoints of the log, proofs, and the key that signs. See docs/proofs.md."""

from __future__ import annotations

import base64

from flask import Blueprint, Response, jsonify, request

from bountyhub.api.parameters import limit, next_page, number
from bountyhub.api.shapes import Json, moment
from bountyhub.kit.database import reading
from bountyhub.kit.errors import NotFound
from bountyhub.ledger.log import keys, receipt, store
from bountyhub.ledger.log.models import CheckpointRow
from bountyhub.ledger.models import Entry

blueprint = Blueprint("api_ledger_log", __name__, url_prefix="/api/v1/ledger")


@blueprint.get("/checkpoints")
def checkpoints() -> Response:
    """Everything that was ever told of the log, oldest first: `limit` (1 to 100), `after` (a size)."""
    count, after = limit(), number("after", 0)
    with reading() as session:
        rows = store.checkpoints(session, after, count + 1)
    shown = rows[:count]
    last = shown[-1].size if len(rows) > count else None
    return jsonify({"checkpoints": [_checkpoint(row) for row in shown], "after": last, "next": next_page(last)})


@blueprint.get("/checkpoint")
def checkpoint() -> Response:
    """The newest one as the signed text (C2SP tlog-checkpoint): keep it, and hold the books against it later."""
    with reading() as session:
        return Response(store.checkpoint(session).note, mimetype="text/plain")


@blueprint.get("/entries/<int:entry_id>/proof")
def proof(entry_id: int) -> Response:
    """That an entry is in the log of the newest checkpoint, or of the one of `size`."""
    size = number("size") if "size" in request.args else None
    with reading() as session:
        if entry_id >= 2**63 or session.get(Entry, entry_id) is None:
            raise NotFound("There is no such entry.")
        found = receipt.proven(session, entry_id, size)
    return jsonify(found)


@blueprint.get("/consistency")
def consistency() -> Response:
    """That the log of the checkpoint `to` (the newest) only adds to the one of `from`."""
    first, second = number("from"), number("to") if "to" in request.args else None
    with reading() as session:
        found = store.consistency(session, first, second)
    hashes = [hash.hex() for hash in found.proof]
    return jsonify({"first": _checkpoint(found.first), "second": _checkpoint(found.second), "hashes": hashes})


@blueprint.get("/key")
def key() -> Response:
    """What checks the signatures; keep it from a place that you trust, not from the file you check."""
    verifier = keys.signer().verifier
    public = base64.b64encode(verifier.public).decode()
    former = [str(each) for each in keys.former()]
    return jsonify({"key": str(verifier), "algorithm": "Ed25519", "public_key": public, "former": former})


def _checkpoint(row: CheckpointRow) -> Json:
    return {"size": row.size, "root": row.root.hex(), "at": moment(row.at), "note": row.note}
