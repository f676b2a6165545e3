"""The part of the processor inside the test's process that is about disputes; and how any part fails when told to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from bountyhub.ports.disputes import DisputeInfo, Evidence, FraudWarning


@dataclass
class Failing:
    """`fail["create_refund"] = [error]` makes that call raise once, each error in turn."""

    fail: dict[str, list[Exception]] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)

    def _call(self, name: str, about: str = "") -> None:
        self.calls.append((name, about))
        if self.fail.get(name):
            raise self.fail[name].pop(0)

    def keys(self, name: str) -> list[str]:
        """What each call of a name was about."""
        return [about for called, about in self.calls if called == name]


@dataclass
class PlayDisputes(Failing):
    """`disputes` and `warnings` are what it knows; evidence is taken at once."""

    disputes: dict[str, DisputeInfo] = field(default_factory=dict)
    warnings: dict[str, FraudWarning] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)

    def read_dispute(self, id: str) -> DisputeInfo:
        self._call("read_dispute", id)
        return self.disputes[id]

    def recent_disputes(self, since: datetime) -> Iterator[DisputeInfo]:
        self._call("recent_disputes")
        return iter([each for each in self.disputes.values() if each.at >= since])

    def read_fraud_warning(self, id: str) -> FraudWarning:
        self._call("read_fraud_warning", id)
        return self.warnings[id]

    def recent_fraud_warnings(self, since: datetime) -> Iterator[FraudWarning]:
        self._call("recent_fraud_warnings")
        return iter([each for each in self.warnings.values() if each.at >= since])

    def submit_evidence(self, id: str, evidence: Evidence, key: str) -> DisputeInfo:
        self._call("submit_evidence", key)
        self.evidence[id] = evidence
        self.disputes[id] = replace(self.disputes[id], status="under_review", submitted=True)
        return self.disputes[id]
