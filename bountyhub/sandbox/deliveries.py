"""Sends the sandboxes' signed webhooks from one background thread, in order, after the answer that caused
them.

A sandbox writes each delivery in the transaction that changes its object (`enqueue`) and calls `wake`
afterwards; the row survives a restart. `retry=True` (Stripe) tries again with a growing delay; `retry=False`
(GitHub) tries once.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import requests

from bountyhub.sandbox.endpoints import KIND, secrets
from bountyhub.sandbox.store import Store, Tx

Doc = dict[str, Any]
Signer = Callable[[Doc], dict[str, str]]
log = logging.getLogger("sandbox.deliveries")

RETRY_SECONDS = (0.2, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300, 900, 1800, 3600)


def enqueue(
    tx: Tx,
    source: str,
    event: str,
    body: str,
    *,
    retry: bool,
    id: str | None = None,
    wait: float = 0,
    lose: int = 0,
    to: str | None = None,
) -> Doc:
    """Store one delivery to be sent: `body` is the exact text that will be signed and posted.

    `wait`: seconds until then; `lose`: so many attempts never arrive; `to`: the webhook endpoint that asked for it.
    """
    delivery: Doc = {
        "id": id or str(uuid.uuid4()), "source": source, "event": event, "body": body, "retry": retry,
        "attempts": 0, "due": time.time() + wait, "sent": None, "state": "waiting", "status": None,
        "lose": lose, "to": to,
    }  # fmt: skip
    return tx.put("delivery", str(delivery["id"]), delivery, ref="waiting")


class Sender:
    """The thread. `signers` maps a source to the function that makes the headers at the moment of sending."""

    def __init__(
        self,
        store: Store,
        targets: dict[str, str],
        signers: dict[str, Signer],
        sent: Callable[[Doc, int | None], None] | None = None,
    ) -> None:
        """`sent` is told of each attempt: the delivery and the answer's status, None without an answer."""
        self._store, self._targets, self._signers, self._sent = store, targets, signers, sent
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox-deliveries", daemon=True)
        self.paused = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout=5)

    def wake(self) -> None:
        self._wake.set()

    def redeliver(self, id: str) -> None:
        """Send a stored delivery once more under the same id, as GitHub's and Stripe's dashboards do."""
        with self._store.transaction() as tx:
            delivery = tx.get("delivery", id)
            if delivery is None:
                raise KeyError(id)
            again = delivery | {"state": "waiting", "due": time.time(), "attempts": 0}
            tx.put("delivery", id, again, ref="waiting")
        self.wake()

    def idle(self) -> bool:
        """Whether nothing is waiting to be sent."""
        with self._store.transaction() as tx:
            return not tx.all("delivery", ref="waiting")

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            pause = 5.0 if self.paused else self._send_due()
            self._wake.wait(timeout=pause)

    def _send_due(self) -> float:
        """Send what is due; seconds until the next is."""
        with self._store.transaction() as tx:
            waiting = sorted(tx.all("delivery", ref="waiting"), key=lambda delivery: float(delivery["due"]))
        for delivery in waiting:
            if delivery["due"] <= time.time() and not self._stop.is_set():
                self._send(delivery)
        with self._store.transaction() as tx:
            dues = [d["due"] for d in tx.all("delivery", ref="waiting")]
        return min(5.0, max(0.02, min(dues, default=time.time() + 5) - time.time()))

    def _send(self, delivery: Doc) -> None:
        status: int | None = None
        delivery = delivery | {"sent": time.time()}
        if delivery.get("lose", 0) > delivery["attempts"]:
            self._record(delivery, status)
            return
        try:
            url, signed = self._address(delivery)
            headers = self._signers[delivery["source"]](signed)
            status = requests.post(url, delivery["body"].encode(), headers=headers, timeout=10).status_code
        except requests.RequestException as error:
            reason = type(error).__name__
            log.warning("delivery %s of %s failed: %s", delivery["id"], delivery["event"], reason)
        self._record(delivery, status)
        if self._sent is not None:
            self._sent(delivery, status)

    def _address(self, delivery: Doc) -> tuple[str, Doc]:
        """Where it goes, and the delivery with the secrets that sign it there; one that is gone meanwhile: nowhere."""
        if not delivery.get("to"):
            return self._targets[delivery["source"]], delivery
        with self._store.transaction() as tx:
            endpoint = tx.get(KIND, delivery["to"])
        if endpoint is None:
            raise requests.ConnectionError("no such endpoint any more")
        return endpoint["url"], delivery | {"secrets": secrets(endpoint, time.time())}

    def _record(self, delivery: Doc, status: int | None) -> None:
        ok = status is not None and 200 <= status < 300
        attempts = delivery["attempts"] + 1
        again = not ok and delivery["retry"] and attempts <= len(RETRY_SECONDS)
        due = time.time() + RETRY_SECONDS[min(attempts, len(RETRY_SECONDS)) - 1]
        state = "delivered" if ok else ("waiting" if again else "failed")
        with self._store.transaction() as tx:
            stored = tx.get("delivery", delivery["id"])
            if stored is None or stored["due"] != delivery["due"]:
                return  # asked for again while it was under way
            done = delivery | {"attempts": attempts, "status": status, "state": state, "due": due}
            tx.put("delivery", delivery["id"], done, ref=state)
