"""The application as PDF/A: the answers in the order of the form, in the applicant's own name, and nothing that was not answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation

from bakhong.core.days import day_of
from bakhong.documents.writing.pdf import typst_pdf
from bakhong.dossiers.applicants import NAME
from bakhong.dossiers.models import Dossier, Supplement
from bakhong.dossiers.queries.answers import answered_later, lines_again
from bakhong.dossiers.supplement_answers import answers_of as answered_again
from bakhong.dossiers.writing.shared import TYPST, day
from bakhong.eforms.models import Draft
from bakhong.eforms.queries.answers import answers_of
from bakhong.eforms.queries.forms import spec_of
from bakhong.eforms.queries.review import review
from bakhong.eforms.rules.answers import shown
from bakhong.eforms.rules.spec import FormSpec

Section = dict[str, Any]
REQUESTER = "requester_name"  # the question that says who asks, where it is asked for somebody else


def application_pdf(dossier: Dossier) -> bytes:
    """What was handed in, as of then; the same dossier gives the same words each time. Only for a dossier with a draft."""
    draft = dossier.draft
    assert draft is not None, "copied from another system: nothing was answered here"
    with translation.override("vi"):  # a paper for the commune, whatever language the page was read in
        data = _data(dossier, draft)
    return typst_pdf(TYPST / "letters" / "application.typ", data, at=dossier.submitted_at)


def prepared_pdf(draft: Draft, *, at: datetime) -> bytes:
    """What is filled in so far, for whoever hands it in elsewhere."""
    with translation.override("vi"):
        data = _letter(draft, at, _filed(draft))
    return typst_pdf(TYPST / "letters" / "application.typ", data, at=at)


def _data(dossier: Dossier, draft: Draft) -> dict[str, Any]:
    return _letter(draft, dossier.submitted_at, [*_filed(draft), *_again(dossier)])


def _letter(draft: Draft, at: datetime, sections: Sequence[Section]) -> dict[str, Any]:
    spec, unit = spec_of(draft.version), draft.village
    return {
        "subject": spec.title.vi,
        "to": f"Uỷ ban nhân dân {unit.full_name}",
        "place": unit.name,
        "day": day_of(at).isoformat(),
        "sections": list(sections),
        "name": name_in(spec, answers_of(draft)),
    }


def name_in(spec: FormSpec, answers: Mapping[str, Any]) -> str:
    """Who makes the application, as the answers themselves say; "" where they do not: then there is room to write it."""
    own = [q.code for _page, group, q in spec.questions() if group is None and q.known_as == NAME]
    return next((str(answers[code]) for code in (REQUESTER, *own) if answers.get(code)), "")


def _filed(draft: Draft) -> list[Section]:
    """A page of the form is a section; what was left empty is left out."""
    sections = [
        {
            "title": section.title,
            "lines": [[line.label, line.value] for line in section.lines if line.value.strip()],
        }
        for section in review(draft, "vi")
    ]
    return [each for each in sections if each["lines"]]


def _again(dossier: Dossier) -> list[Section]:
    """What was answered later, when something was asked again."""
    made = []
    for asked in answered_later(dossier):
        values = answered_again(asked)
        lines = [
            [line.question.label.vi, shown(line.question, values[path])]
            for path, line in lines_again(dossier, asked, also=values).items()
            if path in values
        ]
        made.append({"title": f"Trả lời bổ sung ngày {_day(asked)}", "lines": lines})
    return made


def _day(asked: Supplement) -> str:
    return day(day_of(asked.answered_at)) if asked.answered_at is not None else ""
