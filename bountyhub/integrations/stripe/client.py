"""The official client, set up so that nothing is repeated, logged or sent behind our back; used by `gateway`.

The library would repeat requests, write a machine id to the user's home for telemetry and log whole bodies.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, ParamSpec

import stripe
from stripe import RequestsClient, StripeClient, StripeObject

from bountyhub.integrations.stripe.errors import outside_error
from bountyhub.kit import faults
from bountyhub.settings import is_loopback

#: Seconds to connect and to wait for an answer; together well below a job's lease.
TIMEOUT = (5.0, 15.0)

PAGE = 100

Answer = dict[str, Any]
P = ParamSpec("P")


def make_client(key: str, api_base: str) -> StripeClient:
    """A client for one key and address, safe to share: each thread keeps its own connections alive."""
    stripe.enable_telemetry = False
    logging.getLogger("stripe").setLevel(logging.WARNING)  # its INFO and DEBUG lines hold messages and bodies
    return StripeClient(
        key,
        base_addresses={"api": api_base},
        max_network_retries=0,  # jobs repeat, with the same idempotency key and across restarts
        stripe_version=stripe.api_version,
        # A proxy named in the environment can't reach the sandbox on this machine.
        http_client=RequestsClient(timeout=TIMEOUT, proxy={"http": "", "https": ""} if is_loopback(api_base) else None),
    )


def call(name: str, method: Callable[P, StripeObject], *args: P.args, **kwargs: P.kwargs) -> Answer:
    """Ask once, between two fault points; the answer as plain data. Raises the errors of `ports.errors`."""
    try:
        with faults.call(f"stripe.{name}"):
            return method(*args, **kwargs).to_dict()
    except stripe.StripeError as error:
        raise outside_error(name, error) from None  # the chain would carry bodies into logs


def pages(
    name: str,
    method: Callable[..., StripeObject],
    params: Mapping[str, object],
    *,
    after: str | None = None,
    account: str = "",
) -> Iterator[Answer]:
    """Every object of a list, newest first; with `after`, those newer than that one, oldest first.

    `account`: the connected account whose list it is, empty for the platform's.
    """
    if account:
        method = partial(method, options={"stripe_account": account})
    cursor, last = ("ending_before" if after else "starting_after"), after
    while True:
        page = call(name, method, {**params, "limit": PAGE} | ({cursor: last} if last else {}))
        data = page["data"][::-1] if after else page["data"]  # each page comes newest first
        yield from data
        if not page["has_more"] or not data:
            return
        last = str(data[-1]["id"])
