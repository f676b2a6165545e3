"""Stripe through its official library: the gateway behind `ports.payments`, its webhooks and its jobs."""
