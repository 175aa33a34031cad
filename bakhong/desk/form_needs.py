"""What the procedures of a commune count on in a form, and a new text of it no longer asks."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from bakhong.core.errors import NotFound
from bakhong.dossiers.writing.results import LAYOUTS
from bakhong.dossiers.writing.shared import TYPST
from bakhong.eforms.queries.forms import current_version, spec_of
from bakhong.eforms.rules.spec import FormSpec
from bakhong.places.models import Unit
from bakhong.procedures.queries.catalogue import offers
from bakhong.procedures.rules.catalogue import Procedure
from bakhong.procedures.rules.references import named
from bakhong.ui.figures import language

_NAME = "person.full_name"  # without it nobody knows who asks


@dataclass(frozen=True)
class Missing:
    """A question that a procedure counts on and the text does not ask."""

    procedure: str
    label: str
    code: str

    def __str__(self) -> str:
        said = {"procedure": self.procedure, "label": self.label, "code": self.code}
        return _("Thủ tục “%(procedure)s” còn dùng câu “%(label)s” (%(code)s). Giữ câu này với mã cũ.") % said


def missing(read: FormSpec, unit: Unit, on: date) -> list[Missing]:
    """Of every procedure with this form that the commune's catalogue has. What stood neither in the program's form nor in the commune's
    own so far is not missed."""
    wanted = [each.procedure for each in offers(unit, on) if each.procedure.desk_form == read.code]
    programs = _labels(_current(read.code, None)) if wanted else {}
    own = _labels(_current(read.code, unit)) if wanted else {}
    labels = own | programs
    there = _labels(read)
    found = []
    for procedure in wanted:
        counted = _counted_on(procedure, programs) | (named(procedure) & own.keys())
        for code in sorted(counted - there.keys()):
            found.append(Missing(procedure.title(language()), labels[code], code))
    return found


def _counted_on(procedure: Procedure, labels: dict[str, str]) -> frozenset[str]:
    printed: set[str] = set()
    for result in procedure.results:
        if result.template in LAYOUTS:
            text = (TYPST / "results" / f"{result.template}.typ").read_text(encoding="utf-8")
            printed |= set(re.findall(r'"([a-z_.]+)"', text))
    return (named(procedure) | printed | {_NAME}) & labels.keys()


def _current(code: str, unit: Unit | None) -> FormSpec | None:
    """The form that holds at a unit, or that came with the program; None where there is none of that code."""
    try:
        return spec_of(current_version(code, unit))
    except NotFound:
        return None


def _labels(spec: FormSpec | None) -> dict[str, str]:
    """Code of a question or group, and the name by which the applicant's name is known → what is asked."""
    if spec is None:
        return {}
    lang = language()
    found = {item.code: item.label.in_language(lang) for _page, item in spec.items()}
    for _page, group, question in spec.questions():
        found[question.code] = question.label.in_language(lang)
        if group is None and question.known_as == _NAME:
            found[_NAME] = question.label.in_language(lang)
    return found
