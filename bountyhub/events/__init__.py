"""Inbox of stored webhooks, outbox of durable jobs, their registry and runners, the audit trail, moved time."""
