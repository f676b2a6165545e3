"""Tamper evidence: every entry is a leaf of an append-only Merkle log with signed checkpoints. See docs/proofs.md."""
