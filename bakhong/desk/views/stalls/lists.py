"""A market's stalls from a workbook: pasted or uploaded, looked through, then stored."""

from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Refusal
from bakhong.desk.forms.stalls import ListForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.people import places_below
from bakhong.documents.reading import MAX_BYTES
from bakhong.payments.actions.stall_lists import known_codes, open_stalls
from bakhong.payments.models import Market
from bakhong.payments.permissions import KEEP_STALLS
from bakhong.payments.queries.stalls import account_words, market_for
from bakhong.payments.rules.stall_lists import StallRow, read_stalls
from bakhong.people.reading import grids_of
from bakhong.places.models import Unit

PROBLEMS = {
    "code": gettext_lazy("thiếu số điểm bán"),
    "owner": gettext_lazy("thiếu tên người bán"),
    "twice": gettext_lazy("số điểm bán đã có ở dòng trên"),
    "long": gettext_lazy("có ô dài quá"),
    "fee": gettext_lazy("phí không phải số đồng nguyên"),
    "bank": gettext_lazy("không rõ ngân hàng nào"),
    "account": gettext_lazy("số tài khoản chưa đúng"),
}


@unit_page(KEEP_STALLS, post=KEEP_STALLS)
def stall_list(request: StaffRequest, unit: Unit, market: UUID) -> HttpResponseBase:
    """POST `deed=check` shows what the list says, `deed=store` stores the acceptable rows."""
    found = market_for(unit, today(), market)
    sent, problem = _sent(request)
    form = ListForm(sent, places=places_below(unit))
    rows: list[StallRow] = []
    if form.is_valid() and not problem:
        rows = read_stalls(form.cleaned_data["text"])
        problem = "" if rows else _("Chưa thấy dòng nào. Dán các dòng từ Excel, hoặc chọn tệp.")
        if rows and request.POST.get("deed") == "store":
            try:
                _store(request, found, form.cleaned_data["village"], rows)
            except Refusal as refusal:
                problem = str(refusal)
            else:
                return redirect("desk:market", unit=unit.uuid, market=found.uuid)
    if problem:
        form.add_error("text", problem)
    known = known_codes(found)
    return page(
        request,
        "desk/stalls/list.html",
        unit=unit,
        active="markets",
        status=422 if form.errors else 200,
        market=found,
        form=form,
        rows=[(each, account_words(each.bank_bin, each.account), _words(each, known)) for each in rows],
        good=sum(1 for each in rows if not each.problems and each.code.upper() not in known),
    )


def _store(request: StaffRequest, market: Market, village: Unit, rows: list[StallRow]) -> None:
    """Raises: Refusal."""
    done = open_stalls(market=market, village=village, rows=rows, by=request.actor, at=now())
    told = {"made": len(done.made), "known": len(done.known), "rejected": len(done.rejected)}
    messages.success(
        request,
        _("Đã thêm %(made)s điểm bán; %(known)s đã có từ trước; bỏ %(rejected)s dòng chưa đúng.") % told,
    )


def _sent(request: StaffRequest) -> tuple[dict[str, str] | None, str]:
    """What was sent, the text of a file in place of what was pasted; and why the file cannot be read."""
    if request.method != "POST":
        return None, ""
    told = {name: request.POST.get(name, "") for name in ("village", "text")}
    upload = request.FILES.get("file")
    if upload is None:
        return told, ""
    try:
        return told | {"text": _pasted(upload)}, ""
    except Refusal as refusal:
        return told, str(refusal)


def _words(row: StallRow, known: set[str]) -> tuple[str, str]:
    """(kind of state, words)."""
    if row.problems:
        return "error", ", ".join(str(PROBLEMS[each]) for each in row.problems)
    if row.code.upper() in known:
        return "none", _("đã có từ trước")
    return "done", _("sẽ thêm")


def _pasted(upload: "UploadedFile[bytes]") -> str:
    """A workbook's first filled sheet as if it had been pasted. Raises: Refusal."""
    if (upload.size or 0) > MAX_BYTES:
        raise Refusal(_("Tệp quá lớn."))
    grids, _warnings = grids_of(upload.read(), upload.name or "")
    if not grids:
        return ""
    return "\n".join("\t".join(_cell(each) for each in row) for row in grids[0].cells)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())


@unit_page(KEEP_STALLS)
def template(request: StaffRequest, unit: Unit) -> HttpResponse:
    """The headings, to be opened in Excel and filled in."""
    heads = [
        _("Số điểm bán"), _("Người bán"), _("Tên điểm bán"), _("Bán gì"), _("Điện thoại"), _("Phí mỗi tháng"),
        _("Ngân hàng"), _("Số tài khoản"), _("Chủ tài khoản"),
    ]  # fmt: skip
    response = HttpResponse("\ufeff" + ",".join(heads) + "\r\n", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="diem-ban.csv"'
    return response
