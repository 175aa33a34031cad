"""Codes printed on papers, by which anybody may ask whether the paper is ours."""

import secrets

# Without letters that look or sound alike: 0 O, 1 I L, U V.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
_LENGTH = 14  # 29 signs: 68 random bits


def new_code() -> str:
    """Fourteen random signs, 68 bits: nobody guesses one.

    >>> len(new_code()), set(new_code()) <= set(_ALPHABET)
    (14, True)
    """
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def shown(code: str) -> str:
    """In groups, as it is printed.

    >>> shown("7K3M9QFW2XHTAB")
    '7K3M-9QFW-2XHT-AB'
    """
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def typed(text: str) -> str:
    """What somebody typed, as it is stored: small letters, spaces and hyphens do not matter. Empty when it can be no code.

    >>> typed(" 7k3m-9qfw 2xht-ab "), typed("7k3m"), typed("' OR 1=1 --%00xx")
    ('7K3M9QFW2XHTAB', '', '')
    """
    code = "".join(char for char in text.upper() if char not in " -–.")
    return code if len(code) == _LENGTH and set(code) <= set(_ALPHABET) else ""
