"""Reading what people upload: text, tables and the state of signatures, or one plain sentence why not.

Plain text is decoded here; everything else is parsed in a child process with 200 MB of memory (`parsers/`).
"""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

from django.utils.translation import gettext as _

from .parsers import plain, sniff
from .parsers.shapes import Bad, Cell, unpack
from .process import parse_in_child
from .refusals import KINDS, Unreadable, warning

__all__ = ["MAX_BYTES", "Cell", "Extract", "SignatureStatus", "Table", "Unreadable", "extract"]

MAX_BYTES = 20 * 1024 * 1024

Kind = Literal["text", "docx", "pdf", "xlsx"]
_SUFFIXES: dict[str, tuple[str, ...]] = {
    "docx": (".docx", ".docm", ".dotx"),
    "xlsx": (".xlsx", ".xlsm", ".xltx"),
    "pdf": (".pdf",),
}
_KNOWN_SUFFIXES = {suffix for suffixes in _SUFFIXES.values() for suffix in suffixes} | {
    ".doc",
    ".xls",
    ".txt",
    ".csv",
}


_GARBAGE = frozenset(
    {"binary", "mixed_encoding", "legacy_font"}
)  # what bytes that are no text may be taken for


@dataclass(frozen=True)
class SignatureStatus:
    """Digital signatures of a PDF.

    `intact`: every signed range is untouched. `whole_file`: nothing was added after the last signature.
    `is_trusted` is None: the chain of trust was not checked, because that needs the network.
    """

    intact: bool
    whole_file: bool
    signers: list[str]
    is_trusted: bool | None = None

    @property
    def sentence(self) -> str:
        """What to tell the clerk."""
        names = ", ".join(self.signers)
        if not self.intact:
            return _("Chữ ký số của %(names)s không còn khớp: nội dung đã bị sửa sau khi ký.") % {
                "names": names
            }
        if not self.whole_file:
            return _(
                "Ký số bởi %(names)s, nhưng tệp có phần thêm sau khi ký; chưa kiểm tra được chuỗi tin cậy."
            ) % {"names": names}
        return _("Ký số bởi %(names)s, nội dung còn nguyên vẹn; chưa kiểm tra được chuỗi tin cậy.") % {
            "names": names
        }


@dataclass(frozen=True)
class Table:
    """A table of a document or a sheet of a workbook.

    `cells[row][column]` count from 0, a sheet's from A1 on. `start:end` is where its lines stand in the
    extract's text: one line a row, cells parted by tabs (`span` counts a cell's offset). `percents`: (row, column) →
    decimals of cells shown in percent, whose value is the fraction (0.921). `merged`: first row and column, last
    row and column. A document's table is named by the paragraph before it, a sheet by its own name.
    """

    name: str
    cells: list[list[Cell]]
    start: int
    end: int
    number: int
    is_sheet: bool
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    percents: dict[tuple[int, int], int] = field(default_factory=dict)

    def ref(self, row: int, column: int) -> str:
        """Where a cell is, as a person finds it: `Thôn 1!D17`, or for a document `Bảng 2, dòng 3, cột 4`."""
        if self.is_sheet:
            return f"{self.name}!{column_letters(column)}{row + 1}"
        place = {"number": self.number, "row": row + 1, "column": column + 1}
        return _("Bảng %(number)s, dòng %(row)s, cột %(column)s") % place

    def span(self, text: str, row: int, column: int) -> tuple[int, int]:
        """Start and end of a cell in the extract's text.

        Raises: IndexError when there is no such cell.
        """
        lines = text[self.start : self.end].split("\n")
        parts = lines[row].split("\t")
        if column >= len(parts) and column < len(self.cells[row]):  # blank cells at a row's end
            end = self.start + sum(len(line) + 1 for line in lines[:row]) + len(lines[row])
            return end, end
        start = (
            self.start
            + sum(len(line) + 1 for line in lines[:row])
            + sum(len(part) + 1 for part in parts[:column])
        )
        return start, start + len(parts[column])


@dataclass(frozen=True)
class Extract:
    """What a file says. `text` is NFC with `\\n` line ends; every offset anywhere refers to it."""

    kind: Kind
    text: str
    tables: list[Table] = field(default_factory=list)
    signature: SignatureStatus | None = None
    pages: int | None = None
    warnings: list[str] = field(default_factory=list)


def extract(
    source: Path | str | bytes | IO[bytes], *, filename: str, limit: int = MAX_BYTES, is_grid: bool = False
) -> Extract:
    """Read a file of at most `limit` bytes: a path, its bytes, or an open binary file (from where it stands).

    `filename` is what its owner called it; the content decides what it is. `is_grid`: of a workbook only the cells are wanted, and
    `text` is empty; then an old .xls is read too.

    Raises: Unreadable with one plain sentence.
    """
    with _opened(source, limit) as file:
        head = file.read(1024)
        try:
            container = sniff.container_of(head)
            if container == "text":
                return _with_name(plain.parse(head + file.read()), filename)
            if container == "ole":
                data = head + file.read()
                if not (is_grid and sniff.is_old_workbook(data)):
                    sniff.refuse_ole(data)
                container = "xls"
        except Bad as bad:
            is_named_excel = filename.lower().endswith((*_SUFFIXES["xlsx"], ".xls"))
            is_garbage = is_named_excel and bad.code in _GARBAGE
            raise Unreadable("not_excel" if is_garbage else bad.code, bad.values) from bad
        raw = parse_in_child("grid" if is_grid and container == "zip" else container, file)
        if container == "xls" and filename.lower().endswith(".xls"):
            filename += "x"  # its name is right
        return _with_name(raw, filename, file)


@contextmanager
def _opened(source: Path | str | bytes | IO[bytes], limit: int) -> Iterator[IO[bytes]]:
    """The source as a real file at its start, neither empty nor above the limit (checked before reading)."""
    if isinstance(source, str | Path):
        with _open_path(Path(source)) as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode):
                _check_size(status.st_size, limit)
                yield file
            else:  # a pipe has no size
                with _opened(file, limit) as copy:
                    yield copy
        return
    if isinstance(source, bytes):
        _check_size(len(source), limit)
    with tempfile.TemporaryFile() as copy:
        size = copy.write(source) if isinstance(source, bytes) else _copy(source, copy, limit)
        _check_size(size, limit)
        copy.seek(0)
        yield copy


def _open_path(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise Unreadable("missing", {"name": path.name}) from error


def _copy(source: IO[bytes], target: IO[bytes], limit: int) -> int:
    size = 0
    while size <= limit and (chunk := source.read(1 << 20)):
        size += target.write(chunk)
    return size


def _check_size(size: int, limit: int) -> None:
    if size == 0:
        raise Unreadable("empty")
    if size > limit:
        raise Unreadable("too_large", {"limit": limit // (1024 * 1024)})


def _with_name(raw: Any, filename: str, file: IO[bytes] | None = None) -> Extract:
    """The extract of a parser's answer, with the signatures and what the file's name got wrong."""
    kind: Kind = raw["kind"]
    warnings = [warning(code, values) for code, values in raw["warnings"]]
    signature = None
    if raw.get("is_signed") and file:
        signature = _signature(file)
        if signature is None:
            warnings.append(warning("signature_unread", {}))
    suffix = Path(filename).suffix.lower()
    if suffix in _KNOWN_SUFFIXES and suffix not in _SUFFIXES.get(kind, (".txt", ".csv")):
        warnings.insert(0, warning("renamed", {"suffix": suffix, "kind": _(KINDS[kind])}))
    is_sheet = kind == "xlsx"
    tables = [_table(table, number, is_sheet) for number, table in enumerate(raw["tables"], start=1)]
    return Extract(kind, raw["text"], tables, signature, raw["pages"], warnings)


def _signature(file: IO[bytes]) -> SignatureStatus | None:
    """None when there is a signature that cannot be checked: the text is still worth reading."""
    try:
        answer = parse_in_child("signatures", file)
    except Unreadable:
        return None
    return SignatureStatus(answer["intact"], answer["whole_file"], answer["signers"])


def _table(raw: Any, number: int, is_sheet: bool) -> Table:
    return Table(
        name=raw["name"],
        cells=[[unpack(cell) if type(cell) is list else cell for cell in row] for row in raw["cells"]],
        start=raw["start"],
        end=raw["end"],
        number=number,
        is_sheet=is_sheet,
        is_hidden=raw["hidden"],
        hidden_rows=frozenset(raw["hidden_rows"]),
        hidden_columns=frozenset(raw["hidden_columns"]),
        merged=[(a, b, c, d) for a, b, c, d in raw["merged"]],
        percents={(row, column): decimals for row, column, decimals in raw["percents"]},
    )


def column_letters(column: int) -> str:
    """
    >>> column_letters(0), column_letters(26), column_letters(16383)
    ('A', 'AA', 'XFD')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
