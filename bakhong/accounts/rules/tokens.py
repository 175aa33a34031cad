"""One-time links."""

import secrets
from hashlib import sha256


def new_token() -> str:
    """256 random bits, fit for a URL."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a token. A fast hash will do: 256 random bits cannot be guessed from it."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()
