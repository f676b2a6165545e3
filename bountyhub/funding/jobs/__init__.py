"""What funding does after a commit; importing this registers every job of it."""

from __future__ import annotations

from bountyhub.funding.jobs import checkouts, papers, promises, refunds, suspense, tries, unclaimed

__all__ = ["checkouts", "papers", "promises", "refunds", "suspense", "tries", "unclaimed"]
