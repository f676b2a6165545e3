"""Forms that were refused come back with what was typed in them, on the page they belong to."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from bountyhub.http import kept
from bountyhub.http.errors import wants_json
from bountyhub.kit.errors import DomainError, NotFound, SignInNeeded
from bountyhub.pages.away import sentences
from bountyhub.pages.contexts.parts import Action
from bountyhub.pages.forms.base import Form
from bountyhub.ports.errors import OutsideError

log = logging.getLogger("bountyhub.pages")
View = Callable[..., Any]


def redraws(page: Callable[..., str]) -> Callable[[View], View]:
    """A refused form is answered by its `page`, which says why and still holds what was typed."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**address: Any) -> Any:
            try:
                return view(**address)
            except (SignInNeeded, NotFound):
                raise
            except (DomainError, OutsideError) as error:
                if wants_json():
                    raise
                return _redrawn(page, address, error)

        return guarded

    return decorate


def _redrawn(page: Callable[..., str], address: dict[str, Any], error: DomainError | OutsideError) -> tuple[str, int]:
    if isinstance(error, OutsideError):
        log.warning("outside: %s", error)
        kept.keep(" ".join(sentences(error)))
        return page(**address), 503
    kept.keep(f"{error.message} {error.advice}".strip(), getattr(error, "field", ""))
    return page(**address), error.status


def refill(form: Form, path: str, about: str = "") -> Form:
    """The form that posts to `path` with what was typed before; `about`: the field of refusals that name none."""
    found = kept.kept(path)
    if found is not None:
        form.take(found.typed)
        if about and found.refused:
            named = [field.name for field in form if field.name == found.field]
            form.refuse(named[0] if named else about, found.message)
    return form


def refill_actions(actions: list[Action]) -> None:
    """The same for buttons that ask for a reason; several may post to one address with other hidden fields."""
    for place, action in enumerate(actions):
        found = kept.kept(action.url) if action.reason else None
        if found is not None and found.typed.items() >= action.fields.items():
            actions[place] = replace(action, typed=found.typed.get(action.asks, ""))
