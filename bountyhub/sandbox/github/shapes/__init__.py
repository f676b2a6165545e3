"""The JSON bodies of GitHub's objects, one function per kind, with the field sets of its published description."""
