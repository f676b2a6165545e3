"""The locked dependencies name packages, versions and hashes only: no index, no address, no folder.

A lock written on a machine with its own package mirror must not send others there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.source import Fault, Source

PLACE = re.compile(r"(--(extra-)?index-url|--find-links|--trusted-host|(^|\s)-[fi]\s|://|(^|\s)/\w)")


def check(sources: list[Source]) -> Iterator[Fault]:
    """Every line of a requirements file that names a place."""
    for source in sources:
        if not source.path.startswith("requirements"):
            continue
        for number, line in enumerate(source.text.splitlines(), 1):
            if PLACE.search(line):
                yield Fault(source.path, number, "a lock names no address and no folder")
