"""Pure rules of projects: what a permission lets its holder do here.

`permission` is the forge's word in growing order: none 0, read 1, triage 2, write 3, maintain 4, admin 5.
"""

from __future__ import annotations

import re

WRITE, MAINTAIN = 3, 4
MOST_BRANCHES = 20
LONGEST_BRANCH = 200
#: What git refuses in the name of a branch: https://git-scm.com/docs/git-check-ref-format
_NO_BRANCH = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[-/.]|[/.]$|/\.|\.lock(?:/|$)|^@$")
#: What the bot can speak in a project: one language, or two one under the other.
LANGUAGES = ("en", "de", "en,de", "de,en")


def is_maintainer(permission: int) -> bool:
    """Whether this permission may merge, and so open tasks and count as an independent merger."""
    return permission >= WRITE


def is_decider(permission: int) -> bool:
    """Whether this permission decides about claims and objections."""
    return permission >= MAINTAIN


def may_block(own: int, theirs: int) -> bool:
    """Whether somebody with `own` permission may block somebody with `theirs`: maintainers those below them.

    Nobody blocks a decider.
    """
    return is_maintainer(own) and theirs < own and not is_decider(theirs)


def branch_names(text: str) -> list[str]:
    """The names of branches in a text, a line or comma apart, each once and as git spells it; ValueError says why not.

    A pattern (`release/*`) is no name: where merges pay has to be read off a page.
    """
    names = list(dict.fromkeys(name.strip() for name in re.split(r"[\n,]", text) if name.strip()))
    for name in names:
        if len(name) > LONGEST_BRANCH or _NO_BRANCH.search(name):
            raise ValueError(f"“{name[:60]}” is not the name of a branch. Write one name on each line.")
    if len(names) > MOST_BRANCHES:
        raise ValueError(f"At most {MOST_BRANCHES} branches can be listed.")
    return names
