"""Checkpoints are notes as C2SP describes them: a published example is read, and what was tampered with is not."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bountyhub.ledger.log import signing
from bountyhub.ledger.log.signing import BadKey, BadNote, Checkpoint, Signer, Verifier

#: The example that implementations of signed notes share.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_TEXT = "This is an example message.\n"
EXAMPLE_SIGNATURE = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="

SIGNER = Signer("bounties.example.org/ledger", signing.derived_key("a" * 32))
OTHER = Signer("bounties.example.org/ledger", signing.derived_key("b" * 32))
ROOT = bytes(range(32))
NOTE = SIGNER.note(17, ROOT)
OURS = [SIGNER.verifier.public]


def test_the_shared_example_is_read() -> None:
    key = Verifier.read(EXAMPLE_KEY)
    signature = base64.b64decode(EXAMPLE_SIGNATURE)
    assert (key.name, key.id, str(key)) == ("example.com/foo", signature[:4], EXAMPLE_KEY)
    assert key.signed(EXAMPLE_TEXT, signature[4:])
    assert not key.signed(EXAMPLE_TEXT + " ", signature[4:])


def test_a_note_is_three_lines_an_empty_one_and_a_signature() -> None:
    lines = NOTE.split("\n")
    assert lines[:4] == ["bounties.example.org/ledger", "17", base64.b64encode(ROOT).decode(), ""]
    assert lines[4].startswith("— bounties.example.org/ledger ") and lines[5:] == [""]
    assert signing.open_note(NOTE, OURS) == Checkpoint("bounties.example.org/ledger", 17, ROOT)


def test_it_is_read_however_an_editor_ends_its_lines() -> None:
    assert signing.open_note("\r\n" + NOTE.replace("\n", "\r\n"), OURS).size == 17


@pytest.mark.parametrize(
    "note",
    [
        "",
        "nonsense",
        NOTE.replace("17", "18"),
        NOTE.replace("17", "017"),
        NOTE.replace("17", "1" * 5000),
        NOTE.replace("\n17\n", "\n"),
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("example.org", "example.com"),
        OTHER.note(17, ROOT),
        Signer("elsewhere", OTHER.key).note(17, ROOT),
        NOTE[:-20],
    ],
)
def test_what_this_log_did_not_sign_is_refused(note: str) -> None:
    with pytest.raises(BadNote):
        signing.open_note(note, OURS)


def test_a_renamed_log_and_a_former_key_are_still_ours() -> None:
    assert signing.open_note(Signer("old.example.org/ledger", SIGNER.key).note(17, ROOT), OURS).size == 17
    assert signing.open_note(OTHER.note(17, ROOT), [*OURS, OTHER.verifier.public]).size == 17


def test_keys_are_taken_as_pem_or_as_a_seed() -> None:
    seed = SIGNER.key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    pem = SIGNER.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for text in (base64.b64encode(seed).decode(), pem, pem.replace("\n", "\\n")):
        assert Signer("n", signing.read_key(text)).verifier.public == SIGNER.verifier.public


@pytest.mark.parametrize("text", ["", "short", base64.b64encode(b"x" * 31).decode(), "-----BEGIN PRIVATE KEY-----"])
def test_what_is_no_private_key_is_refused(text: str) -> None:
    with pytest.raises(BadKey, match="no Ed25519 key"):
        signing.read_key(text)


@pytest.mark.parametrize("text", ["", "a+b", str(SIGNER.verifier)[:-3], str(SIGNER.verifier).replace("org", "com")])
def test_what_is_no_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(BadKey):
        Verifier.read(text)
