"""No `type: ignore` outside `bountyhub/integrations/`, where other people's libraries are met.

Elsewhere a wrong type is a fault to mend, not one to hide.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

from tools.source import Fault, Source

IGNORE = re.compile(r"#\s*(type:\s*ignore|mypy:\s*(ignore-errors|disable-error-code))")


def check(sources: list[Source]) -> Iterator[Fault]:
    """Every comment that switches mypy off."""
    for source in sources:
        if not source.is_python or source.under("bountyhub/integrations"):
            continue
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            if token.type == tokenize.COMMENT and IGNORE.search(token.string):
                yield Fault(source.path, token.start[0], "`type: ignore` only in bountyhub/integrations")
