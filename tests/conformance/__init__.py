"""Checks recorded exchanges of the sandboxes against official descriptions: `python -m tests.conformance`."""
