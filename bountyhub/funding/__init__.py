"""Contributions with their payments and refunds; `settle` is the one way money becomes held."""
