"""Commands about tax: added to the `bountyhub` command by `cli`."""

from __future__ import annotations

import click


@click.command("vat-paid")
@click.argument("country")
@click.argument("amount")
@click.argument("currency")
@click.option("--note", required=True, help="For which period; the same note is written down once.")
def vat_paid(country: str, amount: str, currency: str, note: str) -> None:
    """Write down that you paid VAT on earned fees to a state: COUNTRY (two letters) AMOUNT CURRENCY."""
    from bountyhub.cli.tax import vat_paid as run

    click.echo(run(country, amount, currency, note))


@click.command("payees")
@click.option("--year", type=click.IntRange(2000, 9998), required=True)
@click.option("--quarter", type=click.IntRange(1, 4), default=None, help="Only this one.")
def payees(year: int, quarter: int | None) -> None:
    """What each payee was paid per quarter and currency, as CSV: transferred less reversed."""
    from bountyhub.cli.tax import payees as run

    click.echo(run(year, quarter), nl=False)
