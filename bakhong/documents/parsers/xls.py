"""Values of an old Excel workbook (.xls), sheet by sheet: only its cells, for lists of residents that are looked through before use.

For figures of a report an .xls stays refused: its reader is known to misplace the first columns of some files (python-calamine, its
issue 161), which a person sees in a preview of names and dates, and nobody sees in a number.
"""

from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum, load_workbook

from bakhong.documents.rules.characters import clean

from .marks import Marks
from .shapes import MAX_CELLS, Bad, RawExtract, RawTable
from .xlsx import read_sheet

_NO_MARKS = Marks(0, 0, {}, [], [], 0, 0)


def parse(data: bytes) -> RawExtract:
    """Raises: Bad(damaged | password | too_many_cells | empty_document)."""
    tables: list[RawTable] = []
    warnings: list[tuple[str, dict[str, Any]]] = [("old_excel", {})]
    try:
        workbook: CalamineWorkbook = load_workbook(BytesIO(data))
        for meta in workbook.sheets_metadata:
            sheet = workbook.get_sheet_by_name(meta.name)
            if sheet.total_height * sheet.total_width > 2 * MAX_CELLS:
                raise Bad("too_many_cells")
            hidden = meta.visible != SheetVisibleEnum.Visible
            tables.append(read_sheet(clean(meta.name), sheet, _NO_MARKS, hidden, start=0, has_text=False)[0])
    except PasswordError as error:
        raise Bad("password") from error
    except CalamineError as error:
        raise Bad("damaged") from error
    if (
        sum(len(table["cells"]) * len(table["cells"][0]) for table in tables if table["cells"])
        > 2 * MAX_CELLS
    ):
        raise Bad("too_many_cells")
    if not any(table["cells"] for table in tables):
        raise Bad("empty_document")
    hidden_names = [table["name"] for table in tables if table["hidden"]]
    if hidden_names:
        warnings.append(("hidden_sheets", {"names": ", ".join(hidden_names[:10])}))
    return {"kind": "xlsx", "text": "", "tables": tables, "pages": None, "warnings": warnings}
