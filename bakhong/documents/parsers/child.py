"""The child process: reads one file from standard input, writes one JSON document to standard output.

`python -I -m bakhong.documents.parsers.child CONTAINER [ARGUMENT …]` with CONTAINER `zip`, `grid` (a zip, only its cells), `xls`, `pdf` or
`signatures`, or, for what is kept: `picture`, `kept_pdf`, `verification`; or `codes`, those in a picture.
Only the parser that is needed is imported, before the limits: an import must not count against the file.
"""

import json
import logging
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from .limits import confine, cpu_seconds
from .shapes import Bad

Parser = Callable[[bytes], Mapping[str, Any]]


def main(container: str) -> None:
    logging.disable(logging.CRITICAL)  # libraries report every oddity of a file; the pipe is for the result
    parser = _parser(container)
    confine(cpu_seconds(os.fstat(0).st_size))
    with open(1, "w", encoding="ascii", closefd=False) as pipe:
        pipe.write(json.dumps(_answer(parser), separators=(",", ":")))


def _answer(parser: Parser) -> Mapping[str, Any]:
    try:
        with open(0, "rb", closefd=False) as file:
            return parser(file.read())
    except Bad as bad:
        return {"bad": bad.code, "values": bad.values}
    except MemoryError:
        return {"bad": "too_heavy", "values": {}}
    except RecursionError:
        return {"bad": "damaged", "values": {}}


def _parser(container: str) -> Parser:
    if container in ("zip", "grid"):
        return _office_parser(has_text=container == "zip")
    if container == "xls":
        from . import xls

        return xls.parse
    if container == "pdf":
        from . import pdf

        return pdf.parse
    if container == "picture":
        from . import picture

        return picture.parse
    if container == "codes":
        from . import codes

        return codes.parse
    if container == "kept_pdf":
        from . import kept_pdf

        return kept_pdf.parse
    if container == "verification":
        from . import verification

        return partial(verification.parse, arguments=sys.argv[2:])
    from . import signatures

    return signatures.parse


def _office_parser(*, has_text: bool) -> Parser:
    from . import docx, xlsx
    from .archive import Archive, kind_of

    def parse(data: bytes) -> Mapping[str, Any]:
        archive = Archive(data)
        if kind_of(archive) == "docx":
            return docx.parse(archive)
        return xlsx.parse(data, archive, has_text=has_text)

    return parse


if __name__ == "__main__":
    main(sys.argv[1])
