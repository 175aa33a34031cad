"""The port to whoever keeps a signer's private key. All of them sign the same thing, so that the PDF is built in one place (`pades.py`).

What is signed is never the file: it is the DER of a few attributes that hold the file's hash (`pades.prepare`). A key at hand gets the
attributes (`KeyAtHand.sign`), a remote one their SHA-256 (`RemoteKey.start`), and both give back the bare signature value.

    PKCS#12 file   KeyAtHand: `secret` is the file's passphrase
    PKCS#11 token  KeyAtHand: `secret` is the PIN, `account` the token's label and the key's id; C_Sign with CKM_SHA256_RSA_PKCS
    SmartCA        RemoteKey: confirmed on the phone, answered by webhook and by asking
    CSC            RemoteKey (ETSI TS 119 432): credentials/info is the identity; credentials/authorize and signatures/signHash are `start`.
                   Where the provider answers at once, `status` returns what `start` got.

Nothing here knows Django or the database; the settings are given to the constructor.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Protocol

from cryptography import x509
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Identity:
    """A certificate and what leads from it to its root, all DER; the root may be missing."""

    certificate: bytes
    chain: tuple[bytes, ...] = ()

    @property
    def _read(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.certificate)

    @property
    def name(self) -> str:
        return name_in(self._read.subject)

    @property
    def organisation(self) -> str:
        return _one(self._read.subject, NameOID.ORGANIZATION_NAME)

    @property
    def issuer(self) -> str:
        return name_in(self._read.issuer)

    @property
    def serial(self) -> str:
        return f"{self._read.serial_number:x}"

    @property
    def valid_from(self) -> datetime:
        return self._read.not_valid_before_utc

    @property
    def valid_to(self) -> datetime:
        return self._read.not_valid_after_utc


def name_in(name: x509.Name) -> str:
    return _one(name, NameOID.COMMON_NAME) or name.rfc4514_string()


def _one(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


class Code(IntEnum):
    """What a remote provider says of a transaction. Source: SmartCA integration document 4.x, table of transaction states."""

    SIGNED = 1
    WAITING = 4000
    EXPIRED = 4001
    REJECTED = 4002
    KEY_REFUSED = 4003
    FAILED = 4004


@dataclass(frozen=True)
class Outcome:
    """`signatures`: document's name → signature value, for SIGNED only."""

    code: Code
    signatures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """Whether the provider answers, in a sentence for the operator."""

    ok: bool
    detail: str


class ProviderProblem(Exception):
    """The provider said no, or nothing. `code` is a key of `problems.SENTENCES`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code


class KeyAtHand(Protocol):
    """Signs at once, with a secret that is asked for each time and kept nowhere."""

    code: str
    name: str

    def check(self) -> Check: ...

    def identities(self, account: str) -> list[Identity]:
        """The certificates of an account, without its secret. Empty: there are none.

        Raises: ProviderProblem.
        """
        ...

    def kept_secret(self, account: str) -> str:
        """The secret the operator has left for the worker to sign with while nobody is there; "" where there is none."""
        ...

    def sign(self, account: str, identity: Identity, secret: str, messages: Sequence[bytes]) -> list[bytes]:
        """One signature value for each message (of its SHA-256).

        Raises: ProviderProblem(wrong_secret | no_certificate | …).
        """
        ...


@dataclass(frozen=True)
class ToSign:
    """`document`: its name towards the provider; `shown`: what the signer reads on the phone; `digest`: SHA-256."""

    document: str
    shown: str
    digest: bytes


class RemoteKey(Protocol):
    """Signs later, when the signer has confirmed on another device."""

    code: str
    name: str
    account_label: str  # what the signer is asked for

    def check(self) -> Check: ...

    def identities(self, account: str) -> list[Identity]:
        """Raises: ProviderProblem."""
        ...

    def start(
        self,
        account: str,
        identity: Identity,
        documents: Sequence[ToSign],
        *,
        ours: str,
        words: str,
        at: datetime,
    ) -> str:
        """Ask for one confirmation for all documents; `ours` is our own number of it, `words` what it is about. Returns theirs.

        Raises: ProviderProblem.
        """
        ...

    def status(self, transaction: str) -> Outcome:
        """Raises: ProviderProblem."""
        ...

    def webhook(self, secret: str, body: bytes) -> tuple[str, Outcome]:
        """What the provider calls us with: (its transaction's number or ours, the outcome).

        Raises: ProviderProblem(wrong_caller | unreadable).
        """
        ...


Provider = KeyAtHand | RemoteKey


def is_remote(provider: Provider) -> bool:
    return hasattr(provider, "start")
