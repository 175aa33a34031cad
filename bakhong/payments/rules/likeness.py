"""How much a transfer's note speaks for a charge: for showing likely ones first, never for deciding."""

from collections.abc import Sequence

from bakhong.core.text import name_key
from bakhong.payments.rules.lines import bare

AGREES = 10  # a piece of the reference, or every word of a name
_LEAST = 5  # characters of a reference in a row that are hardly there by chance


def likeness(note: str, reference: str, words: Sequence[str]) -> int:
    """Larger is likelier; 0 where nothing speaks for it. A torn reference weighs more than a name.

    >>> likeness("bk7777 77 LE VAN AN nop", "BK777777777777S", ["Lê Văn An"])
    90
    >>> likeness("LE VAN BINH nop tien nuoc", "BK777777777777S", ["Lê Văn An"]), likeness("an trua", "BK777777777777S", [""])
    (2, 0)
    """
    shared = _longest(bare(note), reference)
    said = set(name_key(note).split())
    names = [name_key(each).split() for each in words if each.strip()]
    met = sum(10 if set(each) <= said and len(each) > 1 else len(said & set(each)) for each in names)
    return (10 * shared if shared >= _LEAST else 0) + met


def _longest(note: str, reference: str) -> int:
    """The length of the longest piece of the reference that stands in the note."""
    for size in range(len(reference), _LEAST - 1, -1):
        if any(reference[at : at + size] in note for at in range(len(reference) - size + 1)):
            return size
    return 0
