"""Finding a draft's return code on a page."""

import re

#: Not inside a longer run of signs: one UUID in about a hundred has a part of digits that reads like a code.
_CODE = re.compile(r"(?<![\w-])[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}(?![\w-])")


def code_in(page: str) -> str:
    """The first return code of the page.

    >>> code_in('<a href="/ho/8dd19ad4-1234-4567-8901-cc0000000000/">7K3M-9QFW-2XHT</a>')
    '7K3M-9QFW-2XHT'
    """
    found = _CODE.search(page)
    assert found
    return found[0]
