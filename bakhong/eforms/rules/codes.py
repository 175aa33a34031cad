"""The return code of a draft: twelve signs a person can read out, with 60 random bits.

Source: Crockford's base 32 (no I, L, O, U); what people type for the missing letters is read as what they saw.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SEEN = str.maketrans("ILO", "110")


def new_code() -> str:
    """
    >>> len(new_code()), new_code()[4]
    (14, '-')
    """
    signs = [secrets.choice(ALPHABET) for _ in range(12)]
    return "-".join("".join(signs[start : start + 4]) for start in (0, 4, 8))


def read_code(text: str) -> str | None:
    """A code as it was given out, however it was typed; None where it is none.

    >>> read_code(" 7k3m 9qfw2xht"), read_code("7K3M-9QFW-2XHO"), read_code("7K3M")
    ('7K3M-9QFW-2XHT', '7K3M-9QFW-2XH0', None)
    """
    if len(text) > 60:
        return None
    signs = "".join(char for char in text.upper().translate(_SEEN) if char.isalnum())
    if len(signs) != 12 or not set(signs) <= set(ALPHABET):
        return None
    return "-".join(signs[start : start + 4] for start in (0, 4, 8))
