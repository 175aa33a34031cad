"""The words of certification as PDF: a block with number and book for every copy, to print on it or to cut out."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from bakhong.core.days import day_of
from bakhong.documents.writing.pdf import typst_pdf
from bakhong.dossiers.models import BookNumber, Dossier
from bakhong.dossiers.queries.books import numbers_of
from bakhong.dossiers.queries.signers import named_signer
from bakhong.dossiers.rules.books import COPIES, books
from bakhong.dossiers.writing.shared import TYPST, head

MOST = 400  # blocks of one file


def stamps_pdf(dossier: Dossier, *, at: datetime) -> bytes:
    """The dossier must have its numbers. The day is the one on which they were given."""
    rows = numbers_of(dossier, COPIES)
    assert rows, "no number was given yet"
    signer = named_signer(dossier)
    given = day_of(rows[0].at)
    data = {
        **head(dossier.village, at),
        "subject": f"Lời chứng thực {dossier.code}",
        "dossier": dossier.code or "",
        "volume": books()[COPIES].of_year(rows[0].year),
        "seat": asdict(signer.seat) if signer is not None else None,
        "date": [f"{given:%Y}", f"{given:%m}", f"{given:%d}"],
        "stamps": [stamp for row in rows for stamp in _stamps(row)][:MOST],
    }
    return typst_pdf(TYPST / "results" / "copies_stamps.typ", data, at=at)


def _stamps(row: BookNumber) -> list[dict[str, Any]]:
    return [
        {
            "number": str(row),
            "what": row.what,
            "pages": str(row.pages),
            "copy": str(copy),
            "copies": str(row.copies),
        }
        for copy in range(1, row.copies + 1)
    ]
