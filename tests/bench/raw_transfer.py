"""The simplest double-entry transfer on PostgreSQL that is still safe: what postings are measured against.

One header, two lines, two balance updates that refuse to go below zero, one commit: one statement after the other
through psycopg, which prepares each by itself. No guard of the database beyond keys and a check, no Python beyond this.
"""

from __future__ import annotations

import psycopg

ACCOUNTS = 1000
#: The account that every transfer of a hot round touches.
HOT = 1

_TABLES = (
    """CREATE TABLE raw_account (
        id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0))""",
    """CREATE TABLE raw_header (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text NOT NULL UNIQUE,
        at timestamptz NOT NULL DEFAULT now())""",
    """CREATE TABLE raw_line (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, header_id bigint NOT NULL REFERENCES raw_header,
        account_id bigint NOT NULL REFERENCES raw_account, amount bigint NOT NULL)""",
    "INSERT INTO raw_account SELECT number, 1000000000000 FROM generate_series(1, 1001) AS number",
)
_HEADER = "INSERT INTO raw_header (key) VALUES (%s) RETURNING id"
_LINE = "INSERT INTO raw_line (header_id, account_id, amount) VALUES (%s, %s, %s)"
_UPDATE = "UPDATE raw_account SET balance = balance + %s WHERE id = %s AND balance + %s >= 0"


def create(url: str) -> None:
    """Make the tables, and accounts with enough in them."""
    with psycopg.connect(url) as connection:
        for statement in _TABLES:
            connection.execute(statement)


def transfer(connection: psycopg.Connection, key: str, source: int, target: int, amount: int) -> None:
    """Move an amount; accounts are updated in id order, so that two transfers never wait for each other."""
    header = connection.execute(_HEADER, (key,)).fetchone()
    assert header is not None
    parts = sorted([(source, -amount), (target, amount)])
    for account, part in parts:
        connection.execute(_LINE, (header[0], account, part))
    for account, part in parts:
        if connection.execute(_UPDATE, (part, account, part)).rowcount != 1:
            raise ValueError(f"account {account} holds too little")
    connection.commit()
