"""`bountyhub stripe webhook`: the endpoints at which Stripe tells this instance what happened."""

from __future__ import annotations

import click

from bountyhub.cli.local import settings_here
from bountyhub.integrations.stripe.endpoints import PURPOSES, Endpoint, Endpoints, faults
from bountyhub.ports.errors import OutsideError

SECRETS = (
    "Set them in STRIPE_WEBHOOK_SECRET, separated by commas, beside those that are still used, and restart."
    " They are not told again."
)


def run(do: str) -> int:
    """Do it and say what is so now; 0 when all is well."""
    try:
        endpoints = Endpoints(settings_here())
        return {"create": _create, "check": _check, "rotate": _rotate, "retire": _retire}[do](endpoints)
    except OutsideError as error:
        click.echo(f"Stripe refused or did not answer: {error}", err=True)
        return 2


def _create(endpoints: Endpoints) -> int:
    """Make what is missing, mend what is there; running it again changes nothing."""
    there = endpoints.ours()
    for endpoint in there:
        if endpoint.purpose in PURPOSES:
            endpoints.mend(endpoint)
    _make(endpoints, [purpose for purpose in PURPOSES if purpose not in {each.purpose for each in there}])
    return _check(endpoints)


def _rotate(endpoints: Endpoints) -> int:
    """A second endpoint beside each: both are heard, and the same event twice counts once."""
    there = endpoints.ours()
    if any(sum(each.purpose == purpose for each in there) > 1 for purpose in PURPOSES):
        click.echo("A rotation is under way: end it with --retire first.", err=True)
        return 1
    _make(endpoints, list(PURPOSES))
    click.echo("When the instance runs with the new secrets, run: bountyhub stripe webhook --retire")
    return 0


def _retire(endpoints: Endpoints) -> int:
    """The newest of each purpose stays."""
    there = endpoints.ours()
    for purpose in PURPOSES:
        for old in [each for each in there if each.purpose == purpose][:-1]:
            endpoints.delete(old)
            click.echo(f"{old.id} ({purpose}) is gone: take its secret out of STRIPE_WEBHOOK_SECRET.")
    return _check(endpoints)


def _check(endpoints: Endpoints) -> int:
    found = faults(endpoints.ours())
    for fault in found:
        click.echo(fault)
    if not found:
        click.echo(f"{endpoints.url} hears everything that is handled here, at the version that is spoken here.")
    return 1 if found else 0


def _make(endpoints: Endpoints, purposes: list[str]) -> None:
    made: list[Endpoint] = [endpoints.create(purpose) for purpose in purposes]
    for endpoint in made:
        click.echo(f"{endpoint.id} ({endpoint.purpose}): {endpoint.secret}")
    if made:
        click.echo(SECRETS)
