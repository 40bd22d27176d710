"""The host's key: it seals request text, and makes the marks and tokens that only this host can make."""

import base64
import hmac
import os
import struct
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LENGTH = 32
_NONCE = 12
_TOKEN_SIGNATURE = 12


class HostKeyError(Exception):
    """The key is missing, malformed, or not the one that the database was sealed with."""


class Key:
    """The host's secret and what is derived from it, each use with a key of its own (HKDF, RFC 5869)."""

    def __init__(self, secret: bytes, randomness: Callable[[int], bytes] = os.urandom) -> None:
        if len(secret) != LENGTH:
            raise HostKeyError(f"the key must have {LENGTH} bytes, this one has {len(secret)}")
        self._secret = secret
        self._randomness = randomness
        self._seal = AESGCM(self._derived("seal"))
        self._marks = self._derived("marks")
        self._persons = self._derived("persons")
        self._tokens = self._derived("tokens")
        self._contents = self._derived("contents")
        self._joins = self._derived("joins")
        self.id = self._derived("id")[:8].hex()

    def __repr__(self) -> str:
        return f"<Key {self.id}>"

    @classmethod
    def parse(cls, text: str) -> "Key":
        """Read 32 bytes in URL-safe base64. Raises HostKeyError, which never repeats the text."""
        try:
            return cls(base64.urlsafe_b64decode(text.strip().encode("ascii")))
        except ValueError:
            raise HostKeyError("the key is not URL-safe base64") from None

    def seal(self, text: str, context: str) -> bytes:
        """Encrypt and authenticate `text` (AES-256-GCM). It opens only with the same `context`."""
        nonce = self._randomness(_NONCE)
        return nonce + self._seal.encrypt(nonce, text.encode(), context.encode())

    def unseal(self, sealed: bytes, context: str) -> str:
        """What `seal` was given. Raises HostKeyError for another key, another context, or damaged bytes."""
        try:
            return self._seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode()).decode()
        except (InvalidTag, ValueError):
            raise HostKeyError(f"what is stored as {context} does not open with this key") from None

    def mark(self, post_id: int, user_id: int) -> bytes:
        """One member's mark on one post: nobody without the key can join it to the member."""
        return hmac.digest(self._marks, struct.pack(">qq", post_id, user_id), sha256)

    def person(self, user_id: int) -> bytes:
        """A person as bindings, roles and the journal know them."""
        return hmac.digest(self._persons, struct.pack(">q", user_id), sha256)

    def fingerprint(self, content: str) -> bytes:
        """Recognises the same content again; tells nothing of it without the key."""
        return hmac.digest(self._contents, content.encode(), sha256)

    def group_token(self, group_id: int) -> str:
        """A start parameter (A-Z a-z 0-9 _ -, at most 64) that only this host can make for the group."""
        packed = struct.pack(">q", group_id)
        signature = hmac.digest(self._tokens, packed, sha256)[:_TOKEN_SIGNATURE]
        return base64.urlsafe_b64encode(packed + signature).decode().rstrip("=")

    def token_group(self, token: str) -> int | None:
        """The group that a start parameter names; None if this host didn't make it."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            (group_id,) = struct.unpack(">q", raw[:8])
        except (ValueError, struct.error):
            return None
        return group_id if hmac.compare_digest(self.group_token(group_id), token) else None

    def join_token(self, invite_id: int, user_id: int) -> str:
        """Says that this person asked to join by this invite; only this host can make it."""
        signature = hmac.digest(self._joins, struct.pack(">qq", invite_id, user_id), sha256)[:_TOKEN_SIGNATURE]
        return base64.urlsafe_b64encode(signature).decode()

    def _derived(self, use: str) -> bytes:
        return HKDF(SHA256(), LENGTH, salt=None, info=f"vigil {use}".encode()).derive(self._secret)


def person_code(person: bytes) -> str:
    """A short name for what `Key.person` makes, to tell people apart without knowing them."""
    return person.hex()[:8]


def key_file(path: Path, *, make: bool = True, randomness: Callable[[int], bytes] = os.urandom) -> Key:
    """The key in `path`; if `make`, made there, readable by its owner alone, where there is none yet.

    Raises HostKeyError if it can't be read or made.
    """
    try:
        if not make and not path.exists():
            raise HostKeyError(
                f"the key file {path} is missing, and what this database holds can be read with that key alone. "
                "Put the file back, or set VIGIL_KEY to the key"
            )
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return Key.parse(path.read_text("ascii"))
        text = base64.urlsafe_b64encode(randomness(LENGTH)).decode()
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        return Key.parse(text)
    except (OSError, UnicodeDecodeError) as error:
        raise HostKeyError(f"the key file {path} can't be used: {error}") from None
