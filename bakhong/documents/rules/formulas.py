"""Which texts a spreadsheet program would run instead of show.

Source: OWASP, "CSV Injection" (leading = + - @ tab and carriage return), and the full-width forms that Excel accepts.
"""

import re

# Characters a program may skip before it meets a formula; separators, because another locale splits at another one.
_SKIPPED = r"[\s\"';,|\u00a0\u200b\ufeff]*"
_TRIGGER = r"(?:[=@＝＠]|[+\-＋－−])"
_LEADING = re.compile(rf"{_SKIPPED}{_TRIGGER}")
_AFTER_SEPARATOR = re.compile(rf"([;,\t\n|]{_SKIPPED})(?=[=@＝＠]|[+\-＋－−][^\s\d])")
# Numbers and telephone numbers: digits with their separators and nothing else.
_HARMLESS = re.compile(r"[+\-−]?\d+(?:[ .,]\d+)*\s?%?")


def defuse(text: str) -> str:
    """The text, with an apostrophe before whatever would run; numbers and telephone numbers stay as they are.

    >>> [defuse(text) for text in ("=1+1", " @SUM(A1)", "\\t=1", ";=1", "＝1", "-2+3")]
    ["'=1+1", "' @SUM(A1)", "'\\t'=1", "';'=1", "'＝1", "'-2+3"]
    >>> [defuse(text) for text in ("+84 912 345 678", "-5", "-5,2%", "Xã A - Thôn B", "tăng 5, - giảm 3")]
    ['+84 912 345 678', '-5', '-5,2%', 'Xã A - Thôn B', 'tăng 5, - giảm 3']
    >>> defuse("a;=cmd")
    "a;'=cmd"
    """
    if _HARMLESS.fullmatch(text):
        return text
    defused = _AFTER_SEPARATOR.sub(r"\1'", text)
    return "'" + defused if _LEADING.match(text) else defused
