"""The note of a transfer as the bank wrote it, with the references found in it marked."""

from bakhong.desk.marked import Mark, Piece, joined, pieces
from bakhong.payments.rules.references import LENGTH, find_references


def note_pieces(content: str) -> tuple[Piece, ...]:
    """References are marked where they stand, however they were split or written.

    >>> [(each.text, bool(each.mark)) for each in note_pieces("ck bk7777 7777-7777.s cam on")]
    [('ck ', False), ('bk7777 7777-7777.s', True), (' cam on', False)]
    """
    places = [at for at, char in enumerate(content) if char.isascii() and char.isalnum()]
    marks = [
        Mark(places[at], places[at + LENGTH - 1] + 1, (at,), "done")
        for at in range(len(places) - LENGTH + 1)
        if find_references("".join(content[place] for place in places[at : at + LENGTH]))
    ]
    return pieces(content, 0, len(content), joined(marks))
