"""What the cases must cover: every row of the ledger's event table, and every change of state of the money's nouns.

The changes are those of the agreed table of states, written `noun: before → after`.
"""

from __future__ import annotations

from bountyhub.ledger.flows import FLOWS

#: Every kind of entry.
ENTRIES = frozenset(FLOWS)

_TABLE = """
contribution: – → pending
contribution: pending → held
contribution: failed → held
contribution: abandoned → held
contribution: pending → suspended
contribution: pending → failed
contribution: pending → abandoned
contribution: suspended → held
contribution: suspended → closed
contribution: held → closed
contribution: closed → held
refund: – → asked
refund: asked → debited
refund: debited → done
refund: asked → failed
refund: debited → failed
refund: done → failed
refund: failed → settled
transfer: – → planned
transfer: planned → waiting
transfer: planned → sent
transfer: waiting → sent
transfer: sent → confirmed
transfer: sent → waiting
transfer: confirmed → reversed
promise: – → asked
promise: asked → given
promise: given → charging
promise: charging → needs_backer
promise: charging → charged
promise: charging → lapsed
promise: needs_backer → charged
promise: needs_backer → lapsed
promise: given → withdrawn
promise: given → lapsed
dispute: – → warning
dispute: warning → closed
dispute: warning → open
dispute: – → open
dispute: open → answered
dispute: open → won
dispute: open → lost
dispute: answered → won
dispute: answered → lost
dispute: warning → unknown
dispute: unknown → open
refund: asked → settled
share: – → payable
share: – → kept
share: payable → transferring
share: transferring → payable
share: transferring → paid
share: payable → kept
share: kept → payable
share: kept → returned
share: paid → payable
share: payable → returned
reversal: – → planned
reversal: planned → asked
reversal: planned → waiting
reversal: asked → done
reversal: asked → waiting
reversal: waiting → asked
reversal: asked → given_up
reversal: waiting → given_up
"""

CHANGES = frozenset(line for line in _TABLE.splitlines() if line)
