"""What a resident takes to the national portal: the application, the photos of papers, the lines to be copied, in one file."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bakhong.core.days import VIET_NAM
from bakhong.core.text import name_key
from bakhong.documents.actions.storing import open_file
from bakhong.dossiers.writing.application import prepared_pdf
from bakhong.eforms.queries.answers import answers_of
from bakhong.eforms.queries.review import review
from bakhong.portal.filing import Filing

_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def as_zip(filing: Filing, at: datetime) -> bytes:
    """Names stand in the order in which they are needed, in letters every phone can write."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in _parts(filing, at):
            stamp = at.astimezone(VIET_NAM).timetuple()[:6]
            packed.writestr(zipfile.ZipInfo(name, stamp), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def as_json(filing: Filing, at: datetime) -> str:
    """The answers for a program."""
    return json.dumps(_package(filing, at), ensure_ascii=False, indent=1)


def _parts(filing: Filing, at: datetime) -> Iterator[tuple[str, bytes]]:
    yield "1-to-khai.pdf", prepared_pdf(filing.draft, at=at)
    yield "2-cac-dong-de-chep.txt", _lines(filing).encode("utf-8-sig")
    number = 3
    for row in filing.rows():
        for file in row.files:
            ending = _ENDINGS.get(file.media_type, "bin")
            yield f"{number}-{_plain(row.paper.vi)}.{ending}", open_file(file)
            number += 1
    yield "to-khai.json", as_json(filing, at).encode()


def _lines(filing: Filing) -> str:
    """Windows line ends: it is opened with what every machine has."""
    told = [filing.procedure.name.vi, ""]
    for section in review(filing.draft, "vi"):
        told += [str(section.title).upper(), *(f"{line.label}: {line.value}" for line in section.lines), ""]
    return "\r\n".join(told)


def _plain(name: str) -> str:
    """
    >>> _plain("Bản án, quyết định ly hôn (nếu có)")
    'ban-an-quyet-dinh-ly-hon-neu-co'
    """
    return re.sub(r"[^a-z0-9]+", "-", name_key(name)).strip("-")[:60] or "giay-to"


def _package(filing: Filing, at: datetime) -> dict[str, Any]:
    return {
        "procedure": {"code": filing.procedure.code, "name": filing.procedure.name.vi},
        "commune": {"code": filing.draft.village.code, "name": filing.draft.village.full_name},
        "form": {"code": filing.draft.version.form.code, "version": filing.draft.version.number},
        "made_at": at.isoformat(timespec="seconds"),
        "answers": answers_of(filing.draft),
        "shown": [
            {
                "title": str(section.title),
                "lines": [[str(line.label), str(line.value)] for line in section.lines],
            }
            for section in review(filing.draft, "vi")
        ],
        "papers": [paper.vi for paper in filing.papers],
        "papers_held_by_the_state": [paper.vi for paper in filing.held_papers],
    }
