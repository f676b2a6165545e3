"""`bountyhub reconcile`: our books beside the processor's, and each movement that stands differently in the two."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from bountyhub import wiring
from bountyhub.cli.local import settings_here
from bountyhub.integrations.stripe.reconciliation import Difference, compare, whole
from bountyhub.kit.money import Money, plain
from bountyhub.ports.errors import OutsideError


def run(*, as_json: bool, since: datetime | None) -> int:
    """Compare and tell; 0 when both agree to the cent, 1 when not, 2 when the processor can't be asked."""
    here = settings_here()
    wiring.wire_existing(here)
    try:
        balances = {currency: compare(currency) for currency in here.CURRENCIES}
        found = list(whole(since.replace(tzinfo=UTC) if since else None))
    except OutsideError as error:
        click.echo(f"The processor can't be asked: {error}", err=True)
        return 2
    agrees = not found and all(theirs == ours for theirs, ours in balances.values())
    if as_json:
        click.echo(_as_json(balances, found, agrees))
    else:
        _tell(balances, found)
    return 0 if agrees else 1


def _as_json(balances: dict[str, tuple[Money, Money]], found: list[Difference], agrees: bool) -> str:
    told = {
        "agrees": agrees,
        "balances": [
            {"currency": currency, "processor": theirs.amount, "books": ours.amount}
            for currency, (theirs, ours) in balances.items()
        ],
        "differences": [
            {
                "balance_transaction": each.balance_transaction, "kind": each.kind, "object": each.source,
                "currency": each.theirs.currency, "processor": each.theirs.amount, "books": each.ours.amount,
                "difference": (each.theirs - each.ours).amount,
            }
            for each in found
        ],
    }  # fmt: skip
    return json.dumps(told)


def _tell(balances: dict[str, tuple[Money, Money]], found: list[Difference]) -> None:
    for currency, (theirs, ours) in balances.items():
        state = "agrees" if theirs == ours else f"DIFFERS by {plain(theirs - ours)}"
        click.echo(f"{currency}: the processor has {plain(theirs)}, the books say {plain(ours)}: {state}")
    for each in found:
        what = f"{each.balance_transaction} ({each.kind}{', ' + each.source if each.source else ''})"
        click.echo(f"{what}: the processor {plain(each.theirs)}, the books {plain(each.ours)}")
    click.echo(f"{len(found)} movements differ." if found else "Every movement agrees.")
