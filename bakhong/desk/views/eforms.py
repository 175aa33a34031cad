"""Forms for their authors: which there are, how each looks, what may be better, and publishing another version."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.desk.form_needs import Missing, missing
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.eforms.actions.publishing import BadSpec, end_form, publish, read_or_refuse
from bakhong.eforms.models import FormVersion
from bakhong.eforms.permissions import PUBLISH
from bakhong.eforms.queries import authoring
from bakhong.eforms.queries.breaking import Broken, broken_drafts
from bakhong.eforms.queries.forms import spec_of
from bakhong.eforms.rules.schema import json_schema
from bakhong.eforms.rules.spec import LARGEST_SPEC, FormSpec
from bakhong.places.models import Level, Unit
from bakhong.ui.figures import language


class SpecForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Tệp biểu mẫu (JSON)"),
        required=False,
        help_text=gettext_lazy("Tải bản đang dùng về, sửa rồi chọn tệp ở đây; hoặc dán vào ô dưới."),
    )
    text = forms.CharField(
        label=gettext_lazy("Hoặc dán nội dung"),
        required=False,
        max_length=LARGEST_SPEC,
        widget=forms.Textarea({"rows": 14, "spellcheck": "false", "class": "bk-code"}),
    )

    def source(self) -> str:
        """What was sent, as text; the file counts where there is one."""
        sent = self.cleaned_data.get("file")
        if sent is None:
            return str(self.cleaned_data.get("text", ""))
        raw: bytes = sent.read(LARGEST_SPEC + 1)
        return raw.decode("utf-8-sig", "replace")


@unit_page(PUBLISH)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    _only_communes(unit)
    return page(
        request,
        "desk/eforms/index.html",
        unit=unit,
        active="forms",
        lines=authoring.forms_of(unit),
        lang=language(),
    )


@unit_page(PUBLISH)
def version(request: StaffRequest, unit: Unit, version: UUID) -> HttpResponse:
    _only_communes(unit)
    found = authoring.version_at(unit, version)
    spec = spec_of(found)
    return page(
        request,
        "desk/eforms/version.html",
        unit=unit,
        active="forms",
        version=found,
        title=spec.title.in_language(language()),
        pages=_outline(spec),
        findings=authoring.findings_of(spec),
        behind=_behind(found),
    )


def _behind(found: FormVersion) -> dict[str, Any] | None:
    """The program's form beside the version in force, with what differs in words."""
    beside = authoring.behind(found) if found.is_current else None
    words = {"gone": _("không còn hỏi"), "added": _("hỏi thêm"), "changed": _("hỏi khác")}
    return (
        {
            "version": beside.version,
            "is_newer": beside.is_newer,
            "lines": [(label, words[what]) for label, what in beside.differing],
        }
        if beside is not None
        else None
    )


@unit_page(PUBLISH, post=PUBLISH)
def use_again(request: StaffRequest, unit: Unit, version: UUID) -> HttpResponseBase:
    """The text of an earlier version once more, as the latest one."""
    _only_communes(unit)
    found = authoring.version_at(unit, version)
    if request.method == "POST":
        try:
            if _may_hold(request, spec_of(found), unit):
                return _published(request, unit, found.spec)
        except BadSpec as refusal:
            messages.error(request, " ".join([str(refusal), *refusal.sentences]))
    return redirect("desk:form_version", unit=unit.uuid, version=found.uuid)


@unit_page(PUBLISH, post=PUBLISH)
def end(request: StaffRequest, unit: Unit, version: UUID) -> HttpResponseBase:
    """Back to the form that came with the program."""
    _only_communes(unit)
    found = authoring.version_at(unit, version)
    beside = authoring.behind(found)
    if beside is None:
        raise Http404
    if request.method == "POST" and _may_hold(request, spec_of(beside.version), unit):
        found = end_form(code=found.form.code, unit=unit, by=request.actor, at=now())
        messages.success(request, _("Đã trở lại biểu mẫu của chương trình. Tờ khai đang làm giữ bản cũ."))
    return redirect("desk:form_version", unit=unit.uuid, version=found.uuid)


def _may_hold(request: StaffRequest, read: FormSpec, unit: Unit) -> bool:
    """Whether procedures find in it what they count on; what they do not is said."""
    needed = missing(read, unit, today())
    if needed:
        refused = _refused(needed)
        messages.error(request, " ".join([refused["problem"], *refused["sentences"]]))
    return not needed


@unit_page(PUBLISH)
def preview(request: StaffRequest, unit: Unit, version: UUID) -> HttpResponse:
    """As a resident sees it, page by page, or as the desk does, all at once. Nothing that is typed here goes anywhere."""
    _only_communes(unit)
    found = authoring.version_at(unit, version)
    spec = spec_of(found)
    pages = authoring.preview(spec, language())
    is_dense = request.GET.get("as") == "officer"
    chosen = next((each for each in pages if each.page.code == request.GET.get("page")), pages[0])
    return page(
        request,
        "desk/eforms/preview.html",
        unit=unit,
        active="forms",
        version=found,
        title=spec.title.in_language(language()),
        is_dense=is_dense,
        forms=pages,
        form=chosen,
        previous=_neighbour(pages, chosen, -1),
        following=_neighbour(pages, chosen, 1),
    )


@unit_page(PUBLISH, post=PUBLISH)
def new(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """A text is checked first: mistakes with their place, what may be better, which open drafts it would break. Then it is published."""
    _only_communes(unit)
    form = SpecForm(request.POST or None, request.FILES or None)
    checked: dict[str, Any] = {}
    status = 200
    if request.method == "POST" and form.is_valid():
        source = form.source()
        form = SpecForm(initial={"text": source.encode("utf-8", "replace").decode().replace("\x00", "")})
        try:
            read = read_or_refuse(source)
            needed = missing(read, unit, today())
            if request.POST.get("deed") == "publish" and not needed:
                return _published(request, unit, source)
            checked = _checked(read, unit)
            if needed:
                checked, status = _refused(needed), 422
        except BadSpec as refusal:
            checked, status = {"problem": str(refusal), "sentences": refusal.sentences}, 422
    elif request.method == "POST":
        status = 422
    return page(
        request, "desk/eforms/new.html", unit=unit, active="forms", status=status, form=form, **checked
    )


@unit_page(PUBLISH)
def spec(request: StaffRequest, unit: Unit, version: UUID) -> HttpResponse:
    _only_communes(unit)
    found = authoring.version_at(unit, version)
    return _download(found.spec, f"{found.form.code}-{found.number}.json")


@unit_page(PUBLISH)
def schema(request: StaffRequest, unit: Unit, version: UUID) -> HttpResponse:
    _only_communes(unit)
    found = authoring.version_at(unit, version)
    return _download(json_schema(spec_of(found), language()), f"{found.form.code}-{found.number}.schema.json")


def _only_communes(unit: Unit) -> None:
    if unit.level != Level.COMMUNE:
        raise Http404


def _download(content: Any, name: str) -> HttpResponse:
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _published(request: StaffRequest, unit: Unit, source: str | dict[str, Any]) -> HttpResponse:
    made = publish(spec=source, by=request.actor, at=now(), unit=unit)
    if made.is_new:
        messages.success(
            request,
            _("Đã công bố bản %(number)d. %(n)d tờ khai đang làm giữ bản cũ.")
            % {"number": made.version.number, "n": len(made.broken_drafts)},
        )
    else:
        messages.info(request, _("Nội dung này đang là bản hiện hành, không có gì thay đổi."))
    return redirect("desk:form_version", unit=unit.uuid, version=made.version.uuid)


def _refused(needed: list[Missing]) -> dict[str, Any]:
    """A procedure that cannot read its answers any more would charge, ask and state what is wrong: such a text is not published."""
    return {
        "problem": _("Biểu mẫu này thiếu câu mà thủ tục cần, nên chưa công bố được."),
        "sentences": [str(each) for each in needed],
    }


def _checked(read: FormSpec, unit: Unit) -> dict[str, Any]:
    return {
        "read": read,
        "title": read.title.in_language(language()),
        "questions": sum(1 for _question in read.questions()),
        "findings": authoring.findings_of(read),
        "broken": [_losses(each) for each in broken_drafts(read, unit, today())],
    }


def _losses(broken: Broken) -> dict[str, Any]:
    words = {
        "gone": _("câu “%(label)s” không còn"),
        "type": _("câu “%(label)s” đổi loại"),
        "option": _("câu “%(label)s” mất lựa chọn đã chọn"),
        "no_longer_fits": _("câu “%(label)s” không nhận câu trả lời cũ"),
        "new_required": _("thêm câu bắt buộc “%(label)s”"),
        "now_required": _("câu “%(label)s” nay bắt buộc"),
    }
    return {
        "saved_at": broken.saved_at,
        "words": [words[what] % {"label": _label(broken, path)} for path, what in broken.losses],
    }


def _label(broken: Broken, path: str) -> str:
    parts = path.split(".")
    place = f"{parts[0]}.{parts[2]}" if len(parts) == 3 else path
    label = broken.labels.get(place, path)
    return f"{label} ({int(parts[1]) + 1})" if len(parts) == 3 else label


def _outline(spec: FormSpec) -> list[dict[str, Any]]:
    lang = language()
    return [
        {
            "title": each.title.in_language(lang),
            "is_conditional": each.show_if is not None,
            "questions": [
                {
                    "label": question.label.in_language(lang),
                    "place": f"{group.code}.{question.code}" if group else question.code,
                    "type": question.type,
                    "required": question.required,
                    "known_as": spec.key_of(group, question),
                    "is_conditional": question.show_if is not None
                    or (group is not None and group.show_if is not None),
                }
                for on, group, question in spec.questions()
                if on is each
            ],
        }
        for each in spec.pages
    ]


def _neighbour(pages: list[Any], chosen: Any, step: int) -> str:
    at = pages.index(chosen) + step
    return pages[at].page.code if 0 <= at < len(pages) else ""
