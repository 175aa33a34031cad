"""The QR codes in a photograph that somebody sends. The photograph is not kept."""

import tempfile

from bakhong.documents.keeping import MAX_BYTES, kind_of
from bakhong.documents.process import parse_in_child
from bakhong.documents.refusals import Unreadable


def codes_in(content: bytes, *, is_passing_by: bool = False) -> list[str]:
    """The texts of its QR codes, the largest first; none where none is found. `is_passing_by`: see `process.parse_in_child`.

    Raises: Unreadable(empty | too_large | not_picture | heic | damaged | too_many_pixels | busy …).
    """
    if not content:
        raise Unreadable("empty")
    if len(content) > MAX_BYTES:
        raise Unreadable("too_large", {"limit": MAX_BYTES // (1024 * 1024)})
    if kind_of(content) != "picture":
        raise Unreadable("not_picture")
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        found: list[str] = parse_in_child("codes", file, is_passing_by=is_passing_by)["codes"]
    return found
