"""Photos of papers: sent, taken back, or taken from what the resident gave before."""

import hashlib
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from bakhong.core.errors import Conflict, Refusal
from bakhong.documents.actions.storing import copy_file, erase_file, store_file
from bakhong.documents.keeping import MAX_BYTES
from bakhong.documents.models import File, Purpose
from bakhong.dossiers.queries.papers import MOST_KEPT, free_key, kept_for
from bakhong.portal.filing import Filing, PaperRow
from bakhong.portal.holding import opened
from bakhong.portal.views.filing.common import actor_of, show, step


@step("POST")
def file_papers(request: HttpRequest, filing: Filing) -> HttpResponse:
    if not filing.has_papers:
        return HttpResponseRedirect(filing.after("@papers"))
    if request.method != "POST":
        return _page(request, filing)
    rows = filing.rows()
    if "xong" in request.POST:
        return _go_on(request, filing, rows)
    if "bo" in request.POST:
        return _take_back(request, filing, rows)
    row = next((row for row in rows if row.paper.code == request.POST.get("giay")), None)
    if row is None:
        return _page(request, filing, problem=_("Giấy tờ này không có trong danh sách cần nộp."), status=422)
    try:
        if "lai" in request.POST:
            _reuse(request, filing, row)
        else:
            _keep(request, filing, row)
    except Refusal as refusal:
        return _page(request, filing, problem=str(refusal), target=f"{row.anchor}-tep", status=refusal.status)
    return HttpResponseRedirect(f"{request.get_full_path()}#{row.anchor}")


def _go_on(request: HttpRequest, filing: Filing, rows: list[PaperRow]) -> HttpResponse:
    missing = next((row for row in rows if row.is_missing), None)
    if missing is not None and filing.is_filed_here:  # what is filed elsewhere may be photographed there
        problem = _("Còn thiếu: %(paper)s.") % {"paper": missing.paper.name()}
        return _page(request, filing, problem=problem, target=f"{missing.anchor}-tep", status=422)
    return HttpResponseRedirect(filing.url("review") if "sua" in request.GET else filing.after("@papers"))


def _take_back(request: HttpRequest, filing: Filing, rows: list[PaperRow]) -> HttpResponse:
    """Somebody else's file, one that is none and one taken back before: all three change nothing."""
    file = next((file for row in rows for file in row.files if str(file.uuid) == request.POST["bo"]), None)
    if file is not None:
        erase_file(
            file=file, by=actor_of(request, filing.draft.uuid, filing.draft.village), at=timezone.now()
        )
    return HttpResponseRedirect(request.get_full_path())


def _keep(request: HttpRequest, filing: Filing, row: PaperRow) -> None:
    """Raises: Refusal with a plain sentence; what came before the bad file stays."""
    sent = request.FILES.getlist("tep")
    if not sent:
        raise Refusal(_("Chưa chọn ảnh nào. Bấm vào ô có viền đứt để chọn ảnh hoặc chụp."))
    if len(row.files) + len(sent) > MOST_KEPT:
        raise Refusal(_("Mỗi giấy tờ nhiều nhất %(n)d tệp. Hãy bỏ bớt ảnh cũ.") % {"n": MOST_KEPT})
    for upload in sent:
        _store(request, filing, row, read_upload(upload), upload.name or "")


def read_upload(upload: "UploadedFile[bytes]") -> bytes:
    """Raises: Refusal, before reading more than may be kept."""
    if (upload.size or 0) > MAX_BYTES:
        raise Refusal(_("Tệp quá lớn. Mỗi tệp nhiều nhất 10 MB."))
    content: bytes = upload.read()
    return content


def _store(request: HttpRequest, filing: Filing, row: PaperRow, content: bytes, name: str) -> None:
    """The same photo sent again (a page loaded anew) is the same file."""
    digest = hashlib.sha256(content).hexdigest()
    if any(file.sent_sha256 == digest for file in row.files):
        return
    draft = filing.draft
    store_file(
        key=_free_key(draft.uuid, row),
        content=content,
        name=name,
        owner=("draft", draft.uuid),
        unit=draft.village,
        purpose=Purpose.ATTACHMENT,
        by=actor_of(request, draft.uuid, draft.village),
        at=timezone.now(),
    )


def _reuse(request: HttpRequest, filing: Filing, row: PaperRow) -> None:
    file = next((file for file in own_files(request) if str(file.uuid) == request.POST["lai"]), None)
    if file is None:
        raise Refusal(_("Không còn thấy giấy tờ này trong kho của bạn."))
    if any(kept.sent_sha256 == file.sha256 for kept in row.files):
        return
    draft = filing.draft
    copy_file(
        key=_free_key(draft.uuid, row, is_reused=True),
        file=file,
        owner=("draft", draft.uuid),
        unit=draft.village,
        purpose=Purpose.ATTACHMENT,
        by=actor_of(request, draft.uuid, draft.village),
        at=timezone.now(),
    )


def _free_key(draft: UUID, row: PaperRow, *, is_reused: bool = False) -> UUID:
    """Raises: Conflict, when this paper was sent and taken back too often."""
    free = free_key(draft, row.paper.code, is_reused=is_reused)
    if free is None:
        raise Conflict(_("Giấy tờ này đã gửi và bỏ quá nhiều lần. Hãy mang đến bộ phận một cửa."))
    return free


def own_files(request: HttpRequest) -> list[File]:
    """Papers the signed-in resident gave before; nobody's for anybody else."""
    resident = getattr(request, "resident", None)
    if resident is None or resident.person is None:
        return []
    with opened(request, resident.person):
        return kept_for(resident.person)


def _page(request: HttpRequest, filing: Filing, *, status: int = 200, **context: Any) -> HttpResponse:
    rows = filing.rows(own_files(request))
    return show(
        request,
        "file_papers",
        filing,
        "@papers",
        status=status,
        rows=rows,
        held=filing.held_papers,
        **context,
    )
