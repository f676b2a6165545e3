"""Stand-ins for Stripe, GitHub and a mailbox that speak the real protocols over HTTP.

Only `cli` imports this package, and it imports nothing of the domain: the application knows it by URL alone.
"""
