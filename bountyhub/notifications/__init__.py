"""Every mail, rendered from outbox events, one file per event group."""
