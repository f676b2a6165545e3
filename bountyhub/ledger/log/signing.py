"""Checkpoints as signed notes that outside tools read: C2SP's signed-note and tlog-checkpoint, with Ed25519. Pure.

    bounties.example.org/ledger        who keeps the log
    1234                               how many entries it has
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2…  the root over them, base64
                                       (an empty line)
    — bounties.example.org/ledger Az3grl…   who signed the three lines above

A key is told others as a verifier key: `name+id+base64`. https://c2sp.org/signed-note, /tlog-checkpoint.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from bountyhub.kit.errors import DomainError

ED25519 = b"\x01"
SEED_BYTES = 32
_ID_BYTES = 4
_DERIVED = b"bountyhub ledger signing key"


class BadNote(DomainError):
    """A text that is no checkpoint, or one that this log didn't sign."""

    status = 422
    code = "bad_checkpoint"
    advice = "Give the whole text as it was published, empty line and signature included."


class BadKey(DomainError):
    """A text that is no key for checkpoints."""

    status = 422
    code = "bad_key"


@dataclass(frozen=True)
class Checkpoint:
    """What a note says: a log's name, its size and its root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


@dataclass(frozen=True)
class Verifier:
    """A public key with its name."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ newline ‖ algorithm ‖ public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_base64(ED25519 + self.public)}"

    @classmethod
    def read(cls, text: str) -> Verifier:
        """From `name+id+base64`; raises BadKey."""
        name, _, rest = text.strip().partition("+")
        id, _, key = rest.partition("+")
        public = _bytes(key)
        if public is None or public[:1] != ED25519 or len(public) != 1 + SEED_BYTES:
            raise BadKey(f"{text[:100]!r} is no verifier key.", advice="It looks like name+1a2b3c4d+AZ…, in one line.")
        verifier = cls(name, public[1:])
        if verifier.id.hex() != id:
            raise BadKey("This verifier key's name and id don't belong together.", advice="Copy it as a whole.")
        return verifier

    def signed(self, text: str, signature: bytes) -> bool:
        """Whether this key made the signature."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """The private key, which can write notes."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """What others need to check its notes."""
        return Verifier(self.name, self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def note(self, size: int, root: bytes) -> str:
        """The signed checkpoint of a log of this size."""
        text = Checkpoint(self.name, size, root).text()
        return f"{text}\n— {self.name} {_base64(self.verifier.id + self.key.sign(text.encode()))}\n"


def derived_key(secret: str) -> Ed25519PrivateKey:
    """A key for instances that were given none, from their secret."""
    return Ed25519PrivateKey.from_private_bytes(HKDF(SHA256(), SEED_BYTES, None, _DERIVED).derive(secret.encode()))


def read_key(text: str) -> Ed25519PrivateKey:
    """A private key from PEM (newlines may be written as \\n) or from 32 bytes in base64; raises BadKey."""
    text = text.strip().replace("\\n", "\n")
    seed = _bytes(text)
    if seed is not None and len(seed) == SEED_BYTES:
        return Ed25519PrivateKey.from_private_bytes(seed)
    try:
        key = load_pem_private_key(text.encode(), None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey("This is no Ed25519 key.", advice="Make one with: openssl genpkey -algorithm ed25519")
    return key


def read_note(note: str) -> Checkpoint:
    """What a note says, its signature not looked at; raises BadNote."""
    text, _ = _parts(note)
    lines = text.split("\n")
    root = _bytes(lines[2]) if len(lines) >= len(("origin", "size", "root", "end")) else None
    known = root is not None and len(root) == SEED_BYTES and lines[1].isascii() and lines[1].isdigit()
    if root is None or not known or len(lines[1]) > len(str(2**63)) or (lines[1][0] == "0" and lines[1] != "0"):
        raise BadNote("This is no checkpoint.")
    return Checkpoint(lines[0], int(lines[1]), root)


def open_note(note: str, keys: Collection[bytes]) -> Checkpoint:
    """What a note says, if one of these public keys signed it; raises BadNote.

    A log may have been renamed with its site, so the key counts and the name only has to fit the note's own.
    """
    checkpoint = read_note(note)
    text, lines = _parts(note)
    for line in lines:
        name, _, encoded = line.removeprefix("— ").rpartition(" ")
        signature = _bytes(encoded) or b""
        for verifier in (Verifier(name, key) for key in keys):
            if name != checkpoint.origin or verifier.id != signature[:_ID_BYTES]:
                continue
            if verifier.signed(text, signature[_ID_BYTES:]):
                return checkpoint
            raise BadNote("The signature under this checkpoint is wrong.")
    raise BadNote("This checkpoint is not signed by this log's key.")


def who_signed(note: str, keys: Collection[bytes]) -> Verifier | None:
    """Which of these public keys signed a note, under the name it was signed with; None for none of them."""
    for key in keys:
        try:
            return Verifier(open_note(note, [key]).origin, key)
        except BadNote:
            continue
    return None


def _parts(note: str) -> tuple[str, list[str]]:
    """The signed text and the signature lines."""
    text, gap, signatures = note.replace("\r\n", "\n").strip("\n").rpartition("\n\n")
    lines = signatures.split("\n")
    if not gap or not all(line.startswith("— ") for line in lines):
        raise BadNote("This is no signed note.")
    return text + "\n", lines


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
