"""The forms of the pages: what was typed, what was wrong with it, and how each field is drawn."""
