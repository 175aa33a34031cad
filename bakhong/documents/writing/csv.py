"""CSV that Excel opens by a double click in a Vietnamese office, and that runs nothing.

UTF-8 with a byte order mark (without it Excel takes Vietnamese for Windows-1258), fields parted by `;` because the comma
is the decimal sign, lines ended by CRLF. No `sep=` line: with one, Excel ignores the byte order mark. Excel drops a
telephone number's leading zero when it opens a CSV; a list for people is the .xlsx.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from bakhong.core.days import VIET_NAM
from bakhong.documents.rules.characters import clean
from bakhong.documents.rules.formulas import defuse

Value = str | int | float | Decimal | date | None

_CHUNK = 64 * 1024


def stream_csv(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The file in pieces of about 64 kB, for a streamed response."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([_field(title) for title in header])
    for row in rows:
        writer.writerow([_field(value) for value in row])
        if buffer.tell() > _CHUNK:
            yield _take(buffer)
    yield _take(buffer)


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """The whole file.

    >>> csv_bytes(["Đơn vị", "Tỷ lệ (%)"], [["=1", Decimal("92.1")]]).decode("utf-8-sig")
    "Đơn vị;Tỷ lệ (%)\\r\\n'=1;92,1\\r\\n"
    """
    return b"".join(stream_csv(header, rows))


def _take(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode("utf-8")
    buffer.seek(0)
    buffer.truncate()
    return piece


def _field(value: Value) -> str:
    """A value as a Vietnamese spreadsheet reads it: whole numbers bare, decimal commas, days dd/mm/yyyy."""
    if value is None:
        return ""
    if isinstance(value, str):
        return defuse(clean(value))
    if isinstance(value, datetime):
        return (value.astimezone(VIET_NAM) if value.tzinfo else value).strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else str(value).replace(".", ",")
