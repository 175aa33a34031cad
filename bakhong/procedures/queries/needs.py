"""Whether the form of a procedure asks what the procedure reads from it."""

from bakhong.core.errors import NotFound
from bakhong.eforms.queries.forms import current_version, spec_of
from bakhong.eforms.rules.spec import FormSpec
from bakhong.places.models import Unit
from bakhong.procedures.rules.catalogue import Procedure
from bakhong.procedures.rules.references import named


def form_of(procedure: Procedure, unit: Unit) -> FormSpec | None:
    """The form it is filled in with at a unit, as published now; None where none is published."""
    try:
        return spec_of(current_version(procedure.desk_form, unit))
    except NotFound:
        return None


def missing_questions(procedure: Procedure, unit: Unit) -> tuple[str, ...]:
    """Codes that conditions of papers, fee or results are read from and its form lacks; the form's own code where none is published."""
    form = form_of(procedure, unit)
    if form is None:
        return (procedure.desk_form,)
    asked = {item.code for _page, item in form.items()}
    asked |= {question.code for _page, group, question in form.questions() if group is not None}
    return tuple(sorted(named(procedure) - asked))
