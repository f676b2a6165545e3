"""What `bountyhub doctor` says of catching up with the forge: lost deliveries, the walk that looks for them, pauses."""

from __future__ import annotations

from datetime import timedelta

from bountyhub.bot import lost, pauses
from bountyhub.bot.models import LostState
from bountyhub.kit import clock
from bountyhub.kit.database import reading

#: Two walks that didn't take place.
LONGEST_SILENCE = timedelta(minutes=25)


def lost_deliveries() -> tuple[bool, str]:
    """Those that are waited for, and whether somebody looks for them."""
    with reading() as session:
        counted, walked, stubborn = lost.counts(session), lost.walked_at(session), lost.alarms(session)
    if walked is None:
        return True, "the log was not looked at yet: a running instance does so each ten minutes"
    told = ", ".join(f"{counted[state]} {state.value.replace('_', ' ')}" for state in LostState)
    if clock.real_now() - walked > LONGEST_SILENCE:
        return False, f"the log was last looked at {walked:%Y-%m-%d %H:%M} UTC: see Jobs that failed ({told})"
    return not stubborn, "; ".join([told, *(alarm.text for alarm in stubborn)])


def asked_to_wait() -> tuple[bool, str]:
    """Pauses that GitHub asked for; nothing is wrong with one, it only explains what is late."""
    with reading() as session:
        held = pauses.holding(session)
    return True, "; ".join(f"{one.whose} until {one.until:%H:%M} UTC" for one in held) or "not now"
