"""Published forms, and the spec of a version."""

from django.utils.translation import gettext as _

from bakhong.core.errors import NotFound
from bakhong.eforms.models import FormVersion
from bakhong.eforms.rules.spec import FormSpec, read_spec
from bakhong.places.models import Unit


def current_version(code: str, unit: Unit | None = None) -> FormVersion:
    """The version now published: the unit's own form of this code, else the one that came with the program.

    Raises: NotFound.
    """
    rows = FormVersion.objects.filter(form__code=code, is_current=True).select_related("form").defer("spec")
    of_unit = rows.filter(form__unit=unit).first() if unit is not None else None
    found: FormVersion | None = of_unit or rows.filter(form__unit=None).first()
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
