"""Short codes people read aloud or copy from paper: no letter or digit that looks or sounds like another."""

import re
from collections.abc import Callable

LETTERS = "ACEHKMNPRTUXY34679"
LENGTH = 6


def short_code(choice: Callable[[str], str]) -> str:
    """Six letters; `choice` takes one of a text at random (`secrets.choice`): 18^6 = 34 million codes.

    >>> short_code(lambda letters: letters[0])
    'AAAAAA'
    """
    return "".join(choice(LETTERS) for _ in range(LENGTH))


def as_typed(text: str) -> str:
    """A code as somebody typed or spoke it: spaces, dashes and small letters do not matter; "" where it cannot be one.

    >>> as_typed(" k7m-nxt "), as_typed("ABC"), as_typed("K7MNX0")
    ('K7MNXT', '', '')
    """
    code = re.sub(r"[\s\-.]", "", text).upper()
    return code if len(code) == LENGTH and set(code) <= set(LETTERS) else ""
