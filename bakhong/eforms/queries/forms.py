"""Published forms, and the spec of a version."""

from django.db.models import F, Q
from django.utils.translation import gettext as _

from bakhong.core.errors import NotFound
from bakhong.eforms.models import FormVersion
from bakhong.eforms.rules.spec import FormSpec, read_spec
from bakhong.places.models import Unit


def current_version(code: str, unit: Unit | None = None) -> FormVersion:
    """The version now published: the unit's own form of this code, else the one that came with the program.

    Raises: NotFound.
    """
    whose = Q(form__unit=None) if unit is None else Q(form__unit=None) | Q(form__unit=unit)
    rows = FormVersion.objects.filter(whose, form__code=code, is_current=True)
    rows = rows.select_related("form").defer("spec").order_by(F("form__unit").asc(nulls_last=True), "pk")
    found: FormVersion | None = rows.first()
    if found is None:
        raise NotFound(_("Không có biểu mẫu này."))
    return found


def spec_of(version: FormVersion) -> FormSpec:
    """Read once: a version never changes."""
    return _KEPT.get(version.digest) or _keep(version)


_KEPT: dict[str, FormSpec] = {}


def _keep(version: FormVersion) -> FormSpec:
    if len(_KEPT) > 200:
        _KEPT.clear()
    _KEPT[version.digest] = found = read_spec(version.spec)
    return found
