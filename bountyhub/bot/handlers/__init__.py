"""What happened at the forge, by what it happened to: each a hint what to read again, carried out and finished.

An integration names which of its events is which; `ForgeEvent` says in which words.
"""
