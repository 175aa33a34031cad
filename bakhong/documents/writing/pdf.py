"""PDF by typst: a template of a room and plain data. Offline, with the fonts that ship here, PDF/A.

A template is a `.typ` file in a room's `typst/` folder. It gets the data as `json(bytes(sys.inputs.data))` and may import our layouts:

    #import "/documents/typst/decree30.typ": *
    #let d = json(bytes(sys.inputs.data))

What people wrote is only ever data, never markup: it stands in the page as it is.
"""

import json
import threading
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import typst

ROOMS = Path(__file__).resolve().parent.parent.parent  # the folder of all rooms is the root of every import
FONTS = ROOMS / "documents" / "fonts"

# One warm compiler a process keeps fonts and parsed layouts (measured: 4 times faster than a new one). It serves one at a time.
_ONE = threading.Lock()


def typst_pdf(
    template: Path, data: Mapping[str, Any], *, standard: str = "a-2b", at: datetime | None = None
) -> bytes:
    """The PDF of a template filled with data (plain values, days and moments as ISO texts). `at` is the moment written in it.

    Raises: typst.TypstError when the template and the data do not fit: a mistake of ours.
    """
    inputs = {"data": json.dumps(data, ensure_ascii=False, default=_plain)}
    with _ONE:
        made: bytes = _compiler().compile(
            input=str(template),
            sys_inputs=inputs,
            pdf_standards=[standard],
            timestamp=at and at.replace(microsecond=0),
        )
    return made


@cache
def _compiler() -> Any:
    return typst.Compiler(root=str(ROOMS), font_paths=[str(FONTS)], ignore_system_fonts=True)


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, UUID):
        return str(value)
    return str(value)  # lazy translations
