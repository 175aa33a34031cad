"""The codes other systems know dossiers by: which draft or dossier of ours one stands for, and what is told of it there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from types import MappingProxyType

from django.db.models import Q

from bakhong.core.text import squeeze
from bakhong.dossiers.models import Dossier, ExternalDossier, Pulled, State
from bakhong.dossiers.rules.national import NAMES, Filed
from bakhong.dossiers.rules.states import NATIONAL
from bakhong.dossiers.rules.targets import targets
from bakhong.eforms.models import Draft
from bakhong.eforms.models import State as DraftState
from bakhong.people.queries.residents import person_of
from bakhong.places.models import Unit

# code → name of every system that may know a dossier by a code of its own
SYSTEMS: Mapping[str, str] = MappingProxyType(
    {**NAMES, **{each.code: each.name for each in targets().values()}}
)
LONGEST = 80


@dataclass(frozen=True)
class Elsewhere:
    """`state`: the national number the latest list that stands says, on `as_of`; None where no list has the code."""

    system: str
    name: str
    code: str
    state: int | None = None
    as_of: date | None = None

    @property
    def words(self) -> str:
        """Its state there in words; "" where no list says one."""
        return words_of_state(self.state)


def words_of_state(number: int | None) -> str:
    """A national number in a resident's words; "" for none."""
    ours = next((code for code, of in NATIONAL.items() if of == number), None)
    return str(State(ours).label) if ours is not None else ""


def plain_code(text: str) -> str:
    """A code as it is kept: one line, capital letters; "" where it can be none.

    >>> plain_code(" g22.99-261120-0001 "), plain_code("không có"), plain_code("1" * 81)
    ('G22.99-261120-0001', '', '')
    """
    code = squeeze(text.replace("\0", "")).upper()
    return code if len(code) <= LONGEST and re.search(r"\d", code) else ""


def known_as(text: str) -> Q:
    """Dossiers some other system knows by this code; written as it came, or in capital letters."""
    typed = squeeze(text.replace("\0", ""))[:LONGEST]
    ways = {typed, typed.upper()}
    return reduce(or_, (Q(external_codes__contains={system: way}) for system in SYSTEMS for way in ways))


def elsewhere(dossier: Dossier) -> list[Elsewhere]:
    """Its codes in other systems, with what their lists say of it. The connection must see the commune."""
    return elsewhere_of([dossier])[dossier.pk]


def elsewhere_of(dossiers: Sequence[Dossier]) -> dict[int, list[Elsewhere]]:
    """The same of several: pk → codes. The connection must see their communes."""
    codes = {each.pk: _codes(each) for each in dossiers}
    rows = ExternalDossier.objects.filter(
        village_id__in={each.village_id for each in dossiers},
        code__in={code for known in codes.values() for code in known.values()},
        is_current=True,
    ).select_related("batch")
    listed = {(row.village_id, row.code): row for row in rows}
    return {
        each.pk: [
            _told(system, code, listed.get((each.village_id, code)))
            for system, code in codes[each.pk].items()
        ]
        for each in dossiers
    }


def _codes(dossier: Dossier) -> dict[str, str]:
    return {system: str(code) for system, code in dossier.external_codes.items() if system in SYSTEMS}


def _told(system: str, code: str, row: ExternalDossier | None) -> Elsewhere:
    said = (row.state, row.batch.as_of) if row is not None else (None, None)
    return Elsewhere(system, SYSTEMS[system], code, *said)


def noted_dossier(system: str, code: str, unit: Unit) -> Dossier | None:
    """The dossier for which somebody noted this code before it came, and nothing came yet."""
    rows = Dossier.objects.select_related("village", "person").filter(village=unit, pulled=None)
    wanted = Q(external_codes__contains={system: code})
    found: Dossier | None = rows.filter(wanted | Q(external_codes__contains={system: code.upper()})).first()
    return found


def noted_draft_code(draft: Draft) -> str:
    """The code somebody said they filed it under. The connection must see the commune."""
    return str(Pulled.objects.filter(draft=draft).values_list("code", flat=True).first() or "")


def prepared_draft(filed: Filed, unit: Unit) -> Draft | None:
    """What its applicant filled in here for this procedure and did not hand in: only where there is just one, and the roll knows them."""
    person = person_of(filed.national_id, name=filed.applicant) if filed.national_id else None
    if person is None:
        return None
    rows = Draft.objects.filter(
        village=unit, person=person, procedure=filed.procedure, state=DraftState.OPEN, dossier=None
    )
    found = list(rows.select_related("village", "version", "person").order_by("-saved_at")[:2])
    return found[0] if len(found) == 1 else None
