"""What was said to the outside: status comments, check runs and mails, to be compared with an undisturbed run."""

from __future__ import annotations

import re
from collections import Counter

from tests.crash.books import DOUBLE
from tests.crash.instance import Instance

#: What differs from run to run and is no part of what is said: links with their tokens, references, moments.
PASSING = re.compile(
    r"Reference: \w+|https?://[^\s)]+|\d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]+ \d{4}|\d\d:\d\d(:\d\d)?( UTC)?"
)
#: Of a check run.
PARTS = ("title", "summary")
Said = Counter[tuple[str, ...]]


def said(instance: Instance) -> Said:
    """Each thing that stands outside, by kind, place and words."""
    comments = [("comment", _words(each["body"])) for each in instance.documents("gh_comment")]
    checks = [
        ("check run", each["sha"], str(each["conclusion"]), *(_words(each["output"][part]) for part in PARTS))
        for each in instance.documents("gh_check")
    ]
    mails = [("mail", each["to"], each["subject"], _lasting(each["text"])) for each in instance.documents("mail")]
    return Counter([*comments, *checks, *mails])


def differences(found: Said, wanted: Said) -> list[str]:
    """What an undisturbed run says and this one didn't, and what was said beyond it."""
    lost = [f"lost {_told(one)}" for one in (wanted - found).elements()]
    beyond = found - wanted
    return lost + [f"{DOUBLE if one in wanted else 'unheard of:'} {_told(one)}" for one in beyond.elements()]


def _lasting(text: str) -> str:
    """A mail without its next step: that is the one of the moment when it is written, which a kill puts off."""
    paragraphs = text.split("\n\n")
    return _words("\n\n".join(each for each in paragraphs if not each.startswith("What happens next:")))


def _words(text: str | None) -> str:
    return " ".join(PASSING.sub("…", text or "").split())


def _told(one: tuple[str, ...]) -> str:
    return " | ".join(one)[:400]
