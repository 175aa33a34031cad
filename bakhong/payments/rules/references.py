"""References: what stands in the note of a transfer, and is found there however a bank, an app or a hand has mangled it.

Two letters say what it is of: BK a charge, BN cash on its way to the bank, BT money sent back. Then twelve characters of Crockford's
base 32 (60 random bits; no I, L, O, U) and a check character over all before it.

Source: ISO/IEC 7064, MOD 37,36 (hybrid, one check character); Crockford, "Base 32": O is read as 0, I and L as 1.
"""

import re
import secrets
from collections.abc import Callable

CHARGE, DEPOSIT, REFUND = "BK", "BN", "BT"
PREFIXES = (CHARGE, DEPOSIT, REFUND)
LENGTH = 15

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUE = {char: value for value, char in enumerate(_VALUES)}
_BODIES = frozenset(_CROCKFORD)
_ALIKE = str.maketrans("OIL", "011")
_BODY = 12
# Looked for at every place, also inside another match: a word glued in front may itself look like a beginning.
_ANYWHERE = re.compile(rf"(?=((?:{'|'.join(PREFIXES)})[0-9A-Z]{{{_BODY + 1}}}))")


def new_reference(prefix: str = CHARGE, bits: Callable[[int], int] = secrets.randbits) -> str:
    """A fresh one, fifteen characters. Drawn again where the check character would be I, L, O or U (four of 36), which hands confuse.

    >>> new_reference(bits=lambda count: (1 << count) // 31 * 7)
    'BK777777777777S'
    """
    assert prefix in PREFIXES, prefix
    while True:
        drawn = bits(5 * _BODY)
        body = prefix + "".join([_CROCKFORD[drawn >> shift & 31] for shift in range(0, 5 * _BODY, 5)])
        check = check_character(body)
        if check in _CROCKFORD:
            return body + check


def is_reference(text: str) -> bool:
    """True for one as we write it, in capitals and without anything between.

    >>> is_reference("BK777777777777S"), is_reference("bk777777777777s"), is_reference("BK777777777778R")
    (True, False, False)
    """
    return len(text) == LENGTH and _read(text) == text


def find_references(note: str) -> list[str]:
    """All that stand in the note, in order and each once: lower case, split by blanks, dashes, dots, or glued to other words.

    >>> find_references("MBVCB.8123.bk7777 7777-7777.s ck tu 0123 toi 0456")
    ['BK777777777777S']
    >>> find_references("thanh toanBK777777777777Stien nuoc BK777777777777S")
    ['BK777777777777S']
    >>> find_references("BK777777777778R"), find_references("BK7777")
    ([], [])
    """
    squeezed = re.sub(r"[^0-9A-Z]", "", note.upper())
    found = [_read(match[1]) for match in _ANYWHERE.finditer(squeezed)]
    return list(dict.fromkeys(each for each in found if each))


def check_character(text: str) -> str:
    """
    >>> check_character("A12425GABC1234002")
    'M'
    """
    product = 36
    for char in text:
        product = ((product + _VALUE[char]) % 36 or 36) * 2 % 37
    return _VALUES[(37 - product) % 36]


def _read(text: str) -> str:
    """The reference that these fifteen characters are; "" where the check character says that they are none."""
    body = text[2:].translate(_ALIKE)
    whole = text[:2] + body
    if whole[:2] not in PREFIXES or not _BODIES.issuperset(body):
        return ""
    return whole if check_character(whole[:-1]) == whole[-1] else ""
