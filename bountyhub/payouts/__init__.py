"""Payees, shares and transfers: what is owed to whom, and its way there."""
