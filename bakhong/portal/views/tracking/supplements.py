"""Giving what was asked for, all of it on one page. Photos that came stay, whatever else is still missing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bakhong.core.errors import Conflict, Refusal
from bakhong.core.ids import uuid_of_form
from bakhong.documents.actions.storing import copy_file, erase_file, store_file
from bakhong.documents.models import File, Purpose
from bakhong.dossiers.actions.refusals import PapersMissing
from bakhong.dossiers.actions.said import PaperGiven
from bakhong.dossiers.actions.supplementing import answer_supplement
from bakhong.dossiers.models import Dossier, Given, Supplement
from bakhong.dossiers.queries.answers import boxes_again
from bakhong.dossiers.queries.dossiers import supplement_waited_for
from bakhong.dossiers.queries.papers import MOST_KEPT, files_by_paper, free_key, is_reused
from bakhong.portal.acting import themself
from bakhong.portal.views.filing.papers import own_files, read_upload
from bakhong.portal.views.pages import render_page
from bakhong.portal.views.tracking.common import follower, own, page_of

_QUESTION = "muc"  # the prefix of a question's field; a paper's has its number behind it


@dataclass(frozen=True)
class Item:
    """One paper asked for, with what has come of it. `name` is its field's; `own`: what its owner gave before and may give again."""

    name: str
    code: str
    label: str
    words: str
    files: list[File]
    problem: str = ""
    own: list[File] = field(default_factory=list)

    @property
    def again(self) -> str:
        """The name of the boxes with what the resident gave before."""
        return f"{self.name}-lai"


@own("GET", "HEAD", "POST")
def supplement(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    asked = supplement_waited_for(dossier)
    if asked is None:
        return _to_dossier(request, dossier)
    if request.method != "POST":
        return _page(request, dossier, asked)
    if "bo" in request.POST:
        return _take_back(request, dossier, asked)
    try:
        _keep_files(request, dossier, asked)
        _answer(request, dossier, asked)
    except PapersMissing as refusal:
        return _page(request, dossier, asked, problems=refusal.problems, status=422)
    except Refusal as refusal:
        return _page(request, dossier, asked, problem=str(refusal), status=refusal.status)
    return _to_dossier(request, dossier)


def _answer(request: HttpRequest, dossier: Dossier, asked: Supplement) -> None:
    items = items_of(dossier, asked)
    papers = [
        PaperGiven(item.code, file, _how(dossier, asked, item, file)) for item in items for file in item.files
    ]
    answer_supplement(
        dossier=dossier,
        papers=papers,
        answers=_posted(request),
        by=follower(request, dossier),
        at=timezone.now(),
        key=uuid_of_form(asked.uuid, "portal", "answer"),
    )


def _how(dossier: Dossier, asked: Supplement, item: Item, file: File) -> str:
    is_again = is_reused(dossier.uuid, _folder(asked, item.code), file)
    return Given.REUSED if is_again else Given.UPLOADED


def _keep_files(request: HttpRequest, dossier: Dossier, asked: Supplement) -> None:
    """Raises: Refusal; what came before the bad file stays."""
    own = {str(file.uuid): file for file in _given_before(request, dossier)}
    for item in items_of(dossier, asked):
        for upload in request.FILES.getlist(item.name):
            content = read_upload(upload)
            digest = hashlib.sha256(content).hexdigest()
            if _has_place(dossier, asked, item.code, digest):
                key = _free_key(dossier, asked, item.code)
                store_file(key=key, content=content, name=upload.name or "", **_kept_as(request, dossier))
        for chosen in request.POST.getlist(item.again):
            file = own.get(chosen)
            if file is None:
                raise Refusal(_("Không còn thấy giấy tờ này trong kho của bạn."))
            if _has_place(dossier, asked, item.code, file.sha256):
                key = _free_key(dossier, asked, item.code, is_reused=True)
                copy_file(key=key, file=file, **_kept_as(request, dossier))


def _has_place(dossier: Dossier, asked: Supplement, code: str, digest: str) -> bool:
    """False where it came already. Raises: Refusal, where so many came."""
    kept = _place(dossier, asked, code)
    if any(file.sent_sha256 == digest for file in kept):
        return False
    if len(kept) >= MOST_KEPT:
        raise Refusal(_("Mỗi giấy tờ nhiều nhất %(n)d tệp. Hãy bỏ bớt ảnh cũ.") % {"n": MOST_KEPT})
    return True


def _free_key(dossier: Dossier, asked: Supplement, code: str, *, is_reused: bool = False) -> UUID:
    """Raises: Conflict, when this paper was sent and taken back too often."""
    key = free_key(dossier.uuid, _folder(asked, code), is_reused=is_reused)
    if key is None:
        raise Conflict(_("Giấy tờ này đã gửi và bỏ quá nhiều lần. Hãy mang đến bộ phận một cửa."))
    return key


def _kept_as(request: HttpRequest, dossier: Dossier) -> dict[str, Any]:
    return {
        "owner": ("dossier", dossier.uuid),
        "unit": dossier.village,
        "purpose": Purpose.ATTACHMENT,
        "by": follower(request, dossier),
        "at": timezone.now(),
    }


def _given_before(request: HttpRequest, dossier: Dossier) -> list[File]:
    """Of whoever signed in, where the dossier is theirs; what came with this very dossier was not enough."""
    person = themself(request)
    if person is None or person.pk != dossier.person_id:
        return []
    return [file for file in own_files(request) if file.owner != dossier.uuid]


def _take_back(request: HttpRequest, dossier: Dossier, asked: Supplement) -> HttpResponse:
    """Only what came for this supplement; papers of the dossier itself stay."""
    files = (file for item in items_of(dossier, asked) for file in item.files)
    file = next((file for file in files if str(file.uuid) == request.POST["bo"]), None)
    if file is not None:
        erase_file(file=file, by=follower(request, dossier), at=timezone.now())
    return HttpResponseRedirect(request.path)


def items_of(
    dossier: Dossier,
    asked: Supplement,
    problems: Mapping[str, str] | None = None,
    own: Sequence[File] = (),
) -> list[Item]:
    return [
        Item(
            name=f"muc{number}",
            code=line["code"],
            label=line["name"],
            words=line["words"],
            files=_place(dossier, asked, line["code"]),
            problem=(problems or {}).get(line["code"], ""),
            own=list(own),
        )
        for number, line in enumerate(asked.items)
        if line["what"] == "paper"
    ]


def _posted(request: HttpRequest) -> dict[str, list[str]]:
    """path → texts of each question's box."""
    begin = f"{_QUESTION}-"
    names = [name for name in request.POST if name.startswith(begin)]
    return {name.removeprefix(begin): request.POST.getlist(name) for name in names}


def _folder(asked: Supplement, code: str) -> str:
    return f"bo-sung/{asked.number}/{code}"


def _place(dossier: Dossier, asked: Supplement, code: str) -> list[File]:
    folder = _folder(asked, code)
    return files_by_paper(dossier.uuid, [folder])[folder]


def _to_dossier(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    return HttpResponseRedirect(page_of(request, dossier))


def _page(
    request: HttpRequest,
    dossier: Dossier,
    asked: Supplement,
    *,
    status: int = 200,
    problems: dict[str, str] | None = None,
    **context: Any,
) -> HttpResponse:
    response = render_page(
        request,
        "supplement",
        dossier.village,
        dossier=dossier,
        asked=asked,
        items=items_of(dossier, asked, problems, _given_before(request, dossier)),
        boxes=boxes_again(
            dossier,
            asked,
            get_language() or "vi",
            posted=_posted(request),
            problems=problems,
            prefix=_QUESTION,
        ).values(),
        back=page_of(request, dossier),
        **context,
    )
    response.status_code = status
    response["X-Robots-Tag"] = "noindex"
    return response
