"""What an author of forms sees: which forms there are, what may be better in them, and how one looks before anybody fills it in."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from bakhong.core.actor import OPERATOR
from bakhong.core.errors import NotFound
from bakhong.eforms.models import Draft, FormVersion, State
from bakhong.eforms.queries.answers import Sheet
from bakhong.eforms.queries.forms import spec_of
from bakhong.eforms.queries.pages import PageForm, forms_of_sheet
from bakhong.eforms.rules.changes import differing
from bakhong.eforms.rules.lint import Finding, lint
from bakhong.eforms.rules.spec import FormSpec, Group
from bakhong.eforms.rules.visible import Asked, Line
from bakhong.people import scope
from bakhong.people.rules.dictionary import dictionary
from bakhong.places.models import Unit


@dataclass(frozen=True)
class FormLine:
    """A form as it holds at a unit. `older`: earlier versions, the latest first, with how many drafts are still open under each."""

    version: FormVersion
    spec: FormSpec
    is_own: bool
    questions: int
    known: int  # questions that may be filled in
    findings: int
    open_drafts: int
    older: list[tuple[FormVersion, int]]


def forms_of(unit: Unit) -> list[FormLine]:
    """Every form that holds at a commune: its own, and those of the program it has none of its own for."""
    versions = list(
        FormVersion.objects.filter(Q(form__unit=None) | Q(form__unit=unit))
        .select_related("form")
        .order_by("-number")
    )
    opened = _open_drafts(unit)
    current: dict[str, FormVersion] = {}
    for each in versions:
        if each.is_current and (each.form.code not in current or each.form.unit_id is not None):
            current[each.form.code] = each
    return [_line(version, versions, opened) for _code, version in sorted(current.items())]


def version_at(unit: Unit, uuid: UUID) -> FormVersion:
    """A version of the program's or of this unit's. Raises: NotFound."""
    found = (
        FormVersion.objects.filter(Q(form__unit=None) | Q(form__unit=unit), uuid=uuid)
        .select_related("form")
        .first()
    )
    if found is None:
        raise NotFound(_("Không có biểu mẫu này."))
    return found


@dataclass(frozen=True)
class Behind:
    """The form that came with the program, beside a unit's own. `differing`: as `rules.changes`, from the unit's to the program's."""

    version: FormVersion
    is_newer: bool
    differing: list[tuple[str, str]]


def behind(version: FormVersion) -> Behind | None:
    """What the program has of the same code; None for its own forms, and where it has none."""
    if version.form.unit_id is None:
        return None
    program = FormVersion.objects.filter(form__code=version.form.code, form__unit=None, is_current=True)
    found = program.select_related("form").first()
    if found is None:
        return None
    differences = list(differing(spec_of(version), spec_of(found)))
    return Behind(found, found.published_at > version.published_at and bool(differences), differences)


def findings_of(spec: FormSpec) -> list[tuple[Finding, str]]:
    """What an author may want to change, in words."""
    return [(each, _words(each)) for each in lint(spec, dictionary())]


def preview(spec: FormSpec, lang: str = "vi") -> list[PageForm]:
    """Every page with every question, conditional ones too, and one row of each group; nothing is stored."""
    lines, groups, rows = [], {}, {}
    for page, item in spec.items():
        if isinstance(item, Group):
            groups[item.code], rows[item.code] = page, max(item.min, 1)
            lines += [
                Line(page, f"{item.code}.{row}.{question.code}", question, item, row)
                for row in range(rows[item.code])
                for question in item.questions
            ]
        else:
            lines.append(Line(page, item.code, item))
    asked = Asked(spec.pages, tuple(lines), rows, groups, {}, {line.path: line for line in lines})
    return forms_of_sheet(Sheet(Draft(), spec, {}, {}, asked), lang)


def _open_drafts(unit: Unit) -> dict[int, int]:
    """version → open drafts at the unit. An author is told how many, never whose."""
    with scope.seeing(OPERATOR):
        counted = (
            Draft.objects.filter(village=unit, state=State.OPEN).values("version").annotate(n=Count("pk"))
        )
        return {row["version"]: row["n"] for row in counted}


def _line(version: FormVersion, versions: list[FormVersion], opened: dict[int, int]) -> FormLine:
    spec = spec_of(version)
    questions = list(spec.questions())
    older = [each for each in versions if each.pk != version.pk and _stands_behind(each, version)]
    return FormLine(
        version=version,
        spec=spec,
        is_own=version.form.unit_id is not None,
        questions=len(questions),
        known=sum(
            bool(spec.key_of(group, question)) and question.prefill for _p, group, question in questions
        ),
        findings=len(list(lint(spec, dictionary()))),
        open_drafts=opened.get(version.pk, 0),
        older=[(each, opened.get(each.pk, 0)) for each in older],
    )


def _stands_behind(each: FormVersion, version: FormVersion) -> bool:
    """An earlier version of the same form; behind the program's also those the unit had of its own."""
    is_own = each.form.code == version.form.code and each.form.unit_id is not None
    return each.form_id == version.form_id or (version.form.unit_id is None and is_own)


def _words(finding: Finding) -> str:
    entry = dictionary().get(finding.detail)
    detail = entry.label() if entry else finding.detail
    return {
        "asks_known_fact": _(
            "Hỏi điều Nhà nước đã biết: “%(detail)s”. Đặt known_as để điền sẵn, hoặc bỏ câu này."
        ),
        "unknown_key": _("Không có mục dữ liệu nào tên “%(detail)s”."),
        "known_but_not_prefilled": _("“%(detail)s” đã biết mà không điền sẵn (prefill: false)."),
        "sensitive_not_sealed": _("“%(detail)s” là thông tin nhạy cảm mà chưa niêm phong (is_sensitive)."),
        "long_page": _("Trang này có %(detail)s câu. Nên chia ra để mỗi trang một ý."),
        "no_help": _("Chưa có lời giúp: cần chụp gì, ghi gì, theo mẫu nào."),
        "no_english": _("Chưa có tiếng Anh."),
    }[finding.code] % {"detail": detail}
