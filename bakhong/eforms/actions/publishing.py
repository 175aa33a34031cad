"""Publishing a version of a form, and what that would break."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.eforms.models import Form, FormVersion
from bakhong.eforms.permissions import require_publish
from bakhong.eforms.queries.breaking import Broken, broken_drafts
from bakhong.eforms.queries.forms import current_version
from bakhong.eforms.rules.lint import Finding, lint
from bakhong.eforms.rules.spec import FormSpec, SpecError, digest_of, read_spec
from bakhong.people.rules.dictionary import dictionary
from bakhong.places.models import Unit

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "forms"
_LOCK = 0x0EF0_0001


class BadSpec(Refusal):
    """The form's definition cannot be used; `sentences` say what is wrong and where."""

    def __init__(self, error: SpecError) -> None:
        super().__init__(_("Biểu mẫu chưa dùng được, có %(n)d chỗ cần sửa.") % {"n": len(error.problems)})
        self.sentences = [str(problem) for problem in error.problems]


@dataclass(frozen=True)
class Published:
    """`is_new` False: this text is the current version already. `broken`: open drafts of earlier versions, which keep theirs."""

    version: FormVersion
    broken_drafts: list[Broken]
    lint: list[Finding]
    is_new: bool


def publish(
    *, spec: FormSpec | str | bytes | dict[str, Any], by: Actor, at: datetime, unit: Unit | None
) -> Published:
    """A new version of the unit's form (None: of the program's), current from now on. The same text again changes nothing.

    Raises: BadSpec; NotAllowed.
    """
    require_publish(unit.pk if unit else None, by=by)
    read = read_or_refuse(spec)
    findings = list(lint(read, dictionary()))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        form, _made = Form.objects.get_or_create(code=read.code, unit=unit)
        current = form.versions.filter(is_current=True).first()
        digest = digest_of(read)
        if current is not None and current.digest == digest:
            return Published(current, [], findings, is_new=False)
        broken = broken_drafts(read, unit, day_of(at))
        version = _add(form, read, digest, current, by, at)
    return Published(version, broken, findings, is_new=True)


def end_form(*, code: str, unit: Unit, by: Actor, at: datetime) -> FormVersion:
    """The unit goes back to the form that came with the program; the version in force from now on. Its own versions stay, and can be
    published again. Twice is once; drafts that are open keep theirs.

    Raises: NotAllowed; NotFound where the program has no form of that code.
    """
    require_publish(unit.pk, by=by)
    program = current_version(code)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        own = FormVersion.objects.filter(form__code=code, form__unit=unit, is_current=True)
        standing = own.select_related("form").first()
        if standing is not None:
            own.update(is_current=False)
            audit.record(
                by=by,
                at=at,
                deed="eforms.end_form",
                object_kind="form",
                object_id=standing.form.uuid,
                place_id=unit.pk,
                code=code,
                number=standing.number,
            )
    return program


def publish_shipped(at: datetime) -> list[Published]:
    """The forms that came with the program; run again it adds only what changed. Called when reference data are loaded."""
    return [
        publish(spec=path.read_bytes(), by=OPERATOR, at=at, unit=None)
        for path in sorted(SHIPPED.glob("*.json"))
    ]


def read_or_refuse(spec: FormSpec | str | bytes | dict[str, Any]) -> FormSpec:
    """Raises: BadSpec."""
    try:
        return spec if isinstance(spec, FormSpec) else read_spec(spec)
    except SpecError as error:
        raise BadSpec(error) from None


def _add(
    form: Form, spec: FormSpec, digest: str, current: FormVersion | None, by: Actor, at: datetime
) -> FormVersion:
    form.versions.filter(is_current=True).update(is_current=False)
    version = FormVersion.objects.create(
        form=form,
        number=_last(form.versions.values_list("number", flat=True)) + 1,
        spec=spec.as_json(),
        digest=digest,
        published_at=at,
        published_by=by.id,
    )
    audit.record(
        by=by,
        at=at,
        deed="eforms.publish",
        object_kind="form",
        object_id=form.uuid,
        place_id=form.unit_id,
        code=form.code,
        number=version.number,
        digest=digest,
    )
    return version


def _last(numbers: Iterable[int]) -> int:
    return max(numbers, default=0)
