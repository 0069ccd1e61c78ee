"""Tokens at rest: AES-256-GCM with a keyring; a ciphertext only opens in the row it was written for.

Format: `v1.<key id>.<base64url of 12-byte nonce and ciphertext>`. The associated data is
`workspace|table|column|row`, so a value copied to another row or workspace does not decrypt.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import ConfigurationFault, Sealed

_NONCE = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where a secret is stored; part of what authenticates it."""

    workspace_id: str
    table: str
    column: str
    row_id: str

    def __post_init__(self) -> None:
        """Refuse what would make two places look like one."""
        if "|" in f"{self.workspace_id}{self.table}{self.column}":
            raise ValueError("A place is written with | between its parts; only the row's id may hold one.")

    def aad(self) -> bytes:
        """The associated data."""
        return "|".join((self.workspace_id, self.table, self.column, self.row_id)).encode()


class Vault:
    """Encrypts with the first key and decrypts with any."""

    def __init__(self, keys: dict[str, bytes], random_bytes: Callable[[int], bytes]) -> None:
        self._keys = keys
        self._random = random_bytes

    @classmethod
    def from_text(cls, text: str | None, random_bytes: Callable[[int], bytes]) -> "Vault":
        """Read `id:base64key,id:base64key`; no text gives a vault that holds no keys."""
        keys: dict[str, bytes] = {}
        for part in filter(None, (text or "").split(",")):
            name, _, encoded = part.strip().partition(":")
            if name in keys:
                raise ConfigurationFault(["SPRUCE_ENCRYPTION_KEYS: two keys have the same id."])
            keys[_checked_name(name)] = _checked_key(encoded)
        return cls(keys, random_bytes)

    @property
    def can_store(self) -> bool:
        """Whether there is a key to encrypt with."""
        return bool(self._keys)

    def seal(self, secret: str, place: Place) -> str:
        """Encrypt a secret for one place."""
        if not self._keys:
            raise ConfigurationFault(
                ["SPRUCE_ENCRYPTION_KEYS is needed before a token can be stored; see docs/how-to/keys.md."]
            )
        name, key = next(iter(self._keys.items()))
        nonce = self._random(_NONCE)
        body = AESGCM(key).encrypt(nonce, secret.encode(), place.aad())
        return f"v1.{name}.{base64.urlsafe_b64encode(nonce + body).decode()}"

    def open(self, sealed: str, place: Place) -> str:
        """Decrypt a secret of that place; raises Sealed when no present key fits."""
        version, _, rest = sealed.partition(".")
        name, _, encoded = rest.partition(".")
        if version != "v1" or name not in self._keys:
            raise Sealed
        try:
            raw = base64.urlsafe_b64decode(encoded)
            return AESGCM(self._keys[name]).decrypt(raw[:_NONCE], raw[_NONCE:], place.aad()).decode()
        except (InvalidTag, binascii.Error, ValueError):
            raise Sealed from None

    def stale(self, sealed: str) -> bool:
        """Whether a value was not written with the first key, and should be written again."""
        return not self._keys or not sealed.startswith(f"v1.{next(iter(self._keys))}.")


def _checked_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,16}", name):
        raise ConfigurationFault(
            ["SPRUCE_ENCRYPTION_KEYS: each key is written id:base64, the id 1 to 16 letters or digits."]
        )
    return name


def _checked_key(encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise ConfigurationFault(
            [
                "SPRUCE_ENCRYPTION_KEYS: each key is 32 random bytes in base64;"
                " `spruce check --new-key` prints one."
            ]
        )
    return key
