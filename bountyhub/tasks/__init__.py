"""Tasks: one requested improvement, bound to one forge issue."""
