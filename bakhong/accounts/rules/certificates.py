"""Comparing a certificate as the roster has it, typed from a paper or a screen, with one as a file has it."""

import re

from bakhong.core.text import name_key

_NOTE = re.compile(r"[(\[].*?[)\]]")  # "(thử nghiệm)"


def plain_serial(text: str) -> str:
    """A serial number in hexadecimal, however it is written.

    >>> plain_serial("54:01:0A bc"), plain_serial("0054010abc"), plain_serial("không")
    ('54010ABC', '54010ABC', '')
    """
    signs = "".join(char for char in text.upper() if char.isalnum())
    return signs.lstrip("0") if set(signs) <= set("0123456789ABCDEF") else ""


def is_named(name: str, certified: str) -> bool:
    """Whether the name of a certificate is this person's: authorities add to it (a number, an office), leave accents and titles out.

    >>> is_named("Hà Văn Chủ", "HA VAN CHU - UBND xa Thuong Xuan"), is_named("Hà Văn Chủ", "Hà Văn Chủng"), is_named("", "A")
    (True, False, False)
    """
    wanted, words = name_key(_NOTE.sub("", name)).split(), name_key(certified).split()
    spans = range(len(words) - len(wanted) + 1)
    return bool(wanted) and any(words[start : start + len(wanted)] == wanted for start in spans)
