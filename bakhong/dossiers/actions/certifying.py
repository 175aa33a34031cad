"""What of a dossier is entered in the book of its result: the result itself, or every document that is certified."""

from datetime import datetime

from bakhong.dossiers.actions.fees import documents_of, dues_by_document
from bakhong.dossiers.actions.numbering import Entry
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.answers import standing_sheet
from bakhong.dossiers.queries.books import line_now
from bakhong.dossiers.rules.books import DOCUMENT, Book
from bakhong.procedures.rules.catalogue import Procedure, Result


def entries_of(
    dossier: Dossier, procedure: Procedure, result: Result, book: Book, at: datetime
) -> list[Entry]:
    """A line for the result; in the book of certified copies one for every kind of document, whatever the number of its copies."""
    answers = standing_sheet(dossier).asked.data if dossier.draft is not None else {}
    listed = documents_of(answers) if book.of == DOCUMENT else []
    begin = line_now(dossier)
    if not listed:
        return [Entry(result.vi, begin)]
    dues = dues_by_document(procedure, dossier.village, answers, dossier.exemptions, dossier.channel, at)
    return [
        Entry(
            str(row.get("document_name") or ""),
            begin + line,
            int(row.get("document_pages") or 1),
            int(row.get("document_copies") or 1),
            due.amount,
        )
        for line, (row, due) in enumerate(zip(listed, dues, strict=True))
    ]
