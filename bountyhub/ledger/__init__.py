"""Double-entry books: the only place where a balance lives. See docs/ledger.md."""
