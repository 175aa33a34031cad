"""A draft's pages as Django forms: one page at a time for residents, all at once for staff.

A field's name is the answer's path. What stands in the boxes are the texts as typed, wrong ones too; who saved gives the errors. Questions
whose condition does not hold are there but hidden, so that a script may show them at once; the server ignores what hidden ones send.
"""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from bakhong.documents.models import File
from bakhong.eforms.contents import value_of
from bakhong.eforms.models import Draft, Origin
from bakhong.eforms.queries.answers import Sheet, open_sheet
from bakhong.eforms.queries.coming_days import days_to_choose, is_to_come
from bakhong.eforms.rules.answers import LONGEST, as_typed, shown
from bakhong.eforms.rules.logic import variables
from bakhong.eforms.rules.spec import Group, Page, Question
from bakhong.eforms.rules.visible import Line
from bakhong.ui.forms import DayInput

FEW = 7  # options that are shown as radios; more are a select


@dataclass
class Asking:
    """What a template needs of one question besides its Django field."""

    line: Line
    bound: forms.BoundField
    is_shown: bool
    is_locked: bool
    source: str  # "Danh sách của xã, 06/05/2025"; "" where it was typed
    text: str  # the answer in words
    show_if: str  # JSON for the script; "" for none
    file_name: str = ""
    masked: str = ""  # shown instead of a box, for whoever need not read it
    against: tuple[str, str] | None = None  # (source, what it says instead), for staff

    @property
    def path(self) -> str:
        return self.line.path


@dataclass
class Row:
    number: int  # from 1, for people
    code: str  # "children.0", what the button that takes it away sends
    questions: list[Asking]
    can_go: bool


@dataclass
class Section:
    """Either one question, or a group with its rows."""

    question: Asking | None = None
    group: Group | None = None
    label: str = ""
    help: str = ""
    rows: list[Row] = field(default_factory=list)
    can_add: bool = False
    is_shown: bool = True
    show_if: str = ""
    error: str = ""


class PageForm(forms.Form):
    """A page of a draft: `sections` in order; `values` for the script of conditions; `revision` goes along as a hidden field."""

    sections: list[Section]
    page: Page
    title: str
    page_help: str
    number: int  # of the page among those asked, from 1
    count: int
    revision: int
    has_conditions: bool  # then `eforms/_script.html` helps
    token: str  # of this showing of the page
    _errors: ErrorDict
    values: str  # JSON: code → value of the other pages


def page_form(
    draft: Draft,
    page: str,
    lang: str = "vi",
    *,
    errors: Mapping[str, str] | None = None,
    posted: Mapping[str, list[str]] | None = None,
    on: date | None = None,
) -> PageForm | None:
    """The page as it stands; None where the form has no such page or does not ask it now. `errors`: what `save_page` told; `posted`: shown
    instead of what is stored, for answers that could not be stored. `on`: today, for whom days to come are a list to choose from."""
    sheet = open_sheet(draft)
    found = sheet.spec.page(page)
    if found is None or found not in sheet.asked.pages:
        return None
    return _form(sheet, found, lang, errors or {}, posted, on)


def dense_form(
    draft: Draft,
    lang: str = "vi",
    *,
    errors: Mapping[str, str] | None = None,
    posted: Mapping[str, list[str]] | None = None,
) -> list[PageForm]:
    """All pages that are asked, for one screen."""
    return forms_of_sheet(open_sheet(draft), lang, errors, posted)


def forms_of_sheet(
    sheet: Sheet,
    lang: str,
    errors: Mapping[str, str] | None = None,
    posted: Mapping[str, list[str]] | None = None,
) -> list[PageForm]:
    return [_form(sheet, page, lang, errors or {}, posted) for page in sheet.asked.pages]


def chosen_form(
    lines: Iterable[Line],
    lang: str = "vi",
    *,
    errors: Mapping[str, str] | None = None,
    posted: Mapping[str, list[str]] | None = None,
    prefix: str = "",
) -> forms.Form:
    """These questions alone, each with the box it has on its page, under its path ("prefix-path"). Empty but for what was `posted`
    (path → texts)."""
    fields = {line.path: _field(line, lang, None, []) for line in lines}
    data: MultiValueDict[str, str] = MultiValueDict()
    form = forms.Form(data, prefix=prefix or None)
    for path in fields.keys() & (posted or {}).keys():
        data.setlist(form.add_prefix(path), [_showable(text) for text in (posted or {})[path]])
    form.fields.update(fields)
    form._errors = ErrorDict(  # type: ignore[attr-defined]  # told already: nothing is validated here
        {path: ErrorList([words]) for path, words in (errors or {}).items() if path in fields}
    )
    return form


def _form(
    sheet: Sheet,
    page: Page,
    lang: str,
    errors: Mapping[str, str],
    posted: Mapping[str, list[str]] | None,
    on: date | None = None,
) -> PageForm:
    lines = list(_lines(page, sheet))
    data: MultiValueDict[str, str] = MultiValueDict()
    for line in lines:
        data.setlist(line.path, _texts(sheet, line, errors, posted))
    form = PageForm(data, prefix=None)
    form.fields.update({line.path: _field(line, lang, on, data.getlist(line.path)) for line in lines})
    form._errors = ErrorDict(  # told already: nothing is validated here
        {path: ErrorList([words]) for path, words in errors.items() if path in form.fields}
    )
    form.page, form.title, form.page_help = page, page.title.in_language(lang), page.help.in_language(lang)
    codes = [each.code for each in sheet.asked.pages]
    form.number, form.count, form.revision = codes.index(page.code) + 1, len(codes), sheet.draft.revision
    form.has_conditions = any(
        each.show_if is not None
        for item in page.questions
        for each in (item, *getattr(item, "questions", ()))
    )
    form.token = secrets.token_urlsafe(12)
    form.values = json.dumps(_others(sheet, page), ensure_ascii=False, default=str)
    names = _file_names(sheet, lines)
    form.sections = list(_sections(form, sheet, page, lines, lang, errors, names))
    return form


def _lines(page: Page, sheet: Sheet) -> Iterator[Line]:
    for item in page.questions:
        if isinstance(item, Group):
            for row in range(sheet.asked.rows.get(item.code, item.min)):
                for question in item.questions:
                    yield Line(page, f"{item.code}.{row}.{question.code}", question, item, row)
        else:
            yield Line(page, item.code, item)


def _texts(
    sheet: Sheet, line: Line, errors: Mapping[str, str], posted: Mapping[str, list[str]] | None
) -> list[str]:
    row = sheet.rows.get(line.path)
    if posted is not None and line.path in posted and not _locked(line.question, row):
        return [_showable(text) for text in posted[line.path]]
    if row is None:
        return []
    return [str(each) for each in value_of(row)] if row.problem else as_typed(line.question, value_of(row))


def _showable(text: str) -> str:
    """What could not be stored is shown again as far as a page can hold it."""
    return text[:20_000].encode("utf-8", "replace").decode().replace("\x00", "?")


def _locked(question: Question, row: Any) -> bool:
    return question.is_locked and row is not None and row.origin != Origin.TYPED


def _field(line: Line, lang: str, on: date | None, stands: list[str]) -> forms.Field:
    question = line.question
    if on is not None and is_to_come(question):
        made: forms.Field = forms.ChoiceField(
            choices=days_to_choose(question, on, stands), widget=forms.Select
        )
    else:
        made = _MAKE.get(question.type, _text)(question, lang)
    made.label = question.label.in_language(lang)
    made.help_text = question.help.in_language(lang)
    made.required = question.required
    if question.is_sealed:
        made.widget.attrs["autocomplete"] = "off"
    return made


def _text(question: Question, lang: str) -> forms.Field:
    longest = question.rules.max_length or LONGEST.get(question.type, 500)
    attrs = {"maxlength": str(longest), **_ATTRS.get(question.type, {})}
    return forms.CharField(widget=forms.TextInput(attrs))


def _longtext(question: Question, lang: str) -> forms.Field:
    longest = question.rules.max_length or LONGEST["longtext"]
    return forms.CharField(widget=forms.Textarea({"rows": 4, "maxlength": str(longest)}))


def _day(question: Question, lang: str) -> forms.Field:
    return forms.CharField(widget=DayInput())


def _options(question: Question, lang: str) -> list[tuple[str, str]]:
    if question.type == "yes_no":
        return [("yes", _("Có")), ("no", _("Không"))]
    return [(option.code, option.label.in_language(lang)) for option in question.options]


def _choice(question: Question, lang: str) -> forms.Field:
    options = _options(question, lang)
    if len(options) > FEW:
        return forms.ChoiceField(choices=[("", "—"), *options], widget=forms.Select)
    return forms.ChoiceField(choices=options, widget=forms.RadioSelect)


def _choices(question: Question, lang: str) -> forms.Field:
    return forms.MultipleChoiceField(choices=_options(question, lang), widget=forms.CheckboxSelectMultiple)


def _file(question: Question, lang: str) -> forms.Field:
    return forms.CharField(widget=forms.FileInput({"accept": "image/*,application/pdf", "data-shrink": True}))


_ATTRS: dict[str, dict[str, str]] = {
    "number": {"inputmode": "decimal"},
    "money": {"inputmode": "numeric"},
    "national_id": {"inputmode": "numeric", "maxlength": "20", "autocomplete": "off"},
    "phone": {"inputmode": "tel", "type": "tel", "autocomplete": "tel"},
    "email": {"inputmode": "email", "autocomplete": "email"},
    "person_name": {"autocapitalize": "words", "autocomplete": "off"},
    "address": {"autocomplete": "off"},
}
_MAKE = {
    "longtext": _longtext,
    "date": _day,
    "choice": _choice,
    "yes_no": _choice,
    "choices": _choices,
    "file": _file,
}


def _others(sheet: Sheet, page: Page) -> dict[str, Any]:
    """What conditions ask for and no box of this page holds: answers of other pages, and locked ones. No more than that."""
    here = {
        item.code
        for item in page.questions
        if isinstance(item, Group) or not _locked(item, sheet.rows.get(item.code))
    }
    rules = [each.show_if for item in page.questions for each in (item, *getattr(item, "questions", ()))]
    wanted = {name for rule in rules for name in variables(rule)} - here
    return {name: sheet.asked.data.get(name) for name in sorted(wanted)}


def _file_names(sheet: Sheet, lines: list[Line]) -> dict[str, str]:
    uuids = {
        line.path: sheet.values[line.path]
        for line in lines
        if line.question.type == "file" and sheet.values.get(line.path)
    }
    if not uuids:
        return {}
    names = {
        str(uuid): name
        for uuid, name in File.objects.filter(uuid__in=uuids.values()).values_list("uuid", "name")
    }
    return {path: names.get(str(uuid), _("Tệp đã gửi")) for path, uuid in uuids.items()}


def _sections(
    form: PageForm,
    sheet: Sheet,
    page: Page,
    lines: list[Line],
    lang: str,
    errors: Mapping[str, str],
    names: Mapping[str, str],
) -> Iterator[Section]:
    asking = {line.path: _asking(form, sheet, line, lang, names) for line in lines}
    for item in page.questions:
        if isinstance(item, Question):
            yield Section(question=asking[item.code])
            continue
        count = sheet.asked.rows.get(item.code, item.min)
        rows = [
            Row(
                number + 1,
                f"{item.code}.{number}",
                [asking[line.path] for line in lines if line.group is item and line.row == number],
                count > item.min,
            )
            for number in range(count)
        ]
        yield Section(
            group=item,
            label=item.label.in_language(lang),
            help=item.help.in_language(lang),
            rows=rows,
            can_add=count < item.max,
            is_shown=item.code in sheet.asked.groups,
            show_if=_condition(item.show_if),
            error=errors.get(item.code, ""),
        )


def _asking(form: PageForm, sheet: Sheet, line: Line, lang: str, names: Mapping[str, str]) -> Asking:
    row = sheet.rows.get(line.path)
    is_from_source = row is not None and row.origin != Origin.TYPED and not row.problem
    return Asking(
        line=line,
        bound=form[line.path],
        is_shown=line.path in sheet.asked.by_path,
        is_locked=_locked(line.question, row),
        source=row.source_label if is_from_source and row is not None else "",
        text=names.get(line.path) or shown(line.question, sheet.values.get(line.path), lang),
        show_if=_condition(line.question.show_if),
        file_name=names.get(line.path, ""),
    )


def _condition(rule: Any) -> str:
    return "" if rule is None else json.dumps(rule, ensure_ascii=False)


def posted_lists(post: QueryDict) -> dict[str, list[str]]:
    """What a request sent, as `save_page` takes it."""
    return {name: post.getlist(name) for name in post}
