"""One-time links."""

import secrets
from hashlib import sha256


def new_token() -> str:
    """256 random bits, fit for a URL."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a token. A fast hash will do: 256 random bits cannot be guessed from it."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that is read as something else
_MISREAD = str.maketrans("OILU", "011V")


def new_card_code() -> str:
    """80 random bits as sixteen characters: in the QR code of a card, and to be typed where a camera fails."""
    return "".join(secrets.choice(_LETTERS) for _ in range(16))


def card_code(text: str) -> str:
    """What was meant by a code typed from a card; "" when it cannot be one.

    >>> card_code("abcd efgh-jkmn o1lp"), card_code("abcd")
    ('ABCDEFGHJKMN011P', '')
    """
    code = "".join(char for char in text.upper() if char.isalnum()).translate(_MISREAD)
    return code if len(code) == 16 and set(code) <= set(_LETTERS) else ""


def in_fours(code: str) -> str:
    """As printed: "ABCD EFGH JKMN PQRS"."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
