"""What the provincial lists say of time, by procedure and by month, and how much of it is counted here as well."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from bakhong.core.days import day_of
from bakhong.dossiers.models import Dossier, ExternalDossier
from bakhong.dossiers.queries.exchange import NATIONAL_CODE, Counted, Judged, on_time
from bakhong.dossiers.queries.filed_elsewhere import SYSTEMS


@dataclass(frozen=True)
class Part:
    """In time or not, of the rows under one `key`: a procedure (`name` as a list writes it), or a month "2026-11"."""

    key: str
    name: str
    counted: Counted

    @property
    def share(self) -> float:
        """Of those that can be judged; above 1 where none can, so that they come last."""
        return self.counted.numerator / self.counted.denominator if self.counted.denominator else 2.0


def procedure_of(row: ExternalDossier) -> str:
    """The national code where the list writes one, else whatever it calls the procedure; "–" where it calls it nothing."""
    found = NATIONAL_CODE.match(row.procedure)
    return found[0] if found else row.procedure or row.procedure_name or "–"


def month_of(row: ExternalDossier) -> str:
    """The month it was received in, "2026-11"; where the list does not say, the one it ended in."""
    moment = row.received_at or row.finished_at or row.returned_at or row.refused_at
    return f"{day_of(moment):%Y-%m}" if moment else ""


def by_procedure(rows: Iterable[Judged]) -> list[Part]:
    """The worst first: the smallest share in time, then the most late."""
    found = _parts(rows, procedure_of, lambda row: row.procedure_name or row.procedure)
    return sorted(found, key=lambda each: (each.share, -len(each.counted.bad), each.name, each.key))


def by_month(rows: Iterable[Judged]) -> list[Part]:
    """The earliest first."""
    return sorted(_parts(rows, month_of, month_of), key=lambda each: each.key)


def last_day(rows: Iterable[Judged]) -> date | None:
    """The latest day any of the lists is of."""
    return max((each.row.batch.as_of for each in rows), default=None)


def here_too(rows: Sequence[Judged], units: Collection[int]) -> int:
    """How many of them are dossiers of this installation too, known by their code: they are in its own counts already."""
    codes = {(each.row.village_id, each.row.code.upper()) for each in rows}
    named = Q(code__in=[each.row.code for each in rows]) | ~Q(external_codes={})
    known = Dossier.objects.filter(named, village__in=list(units)).values_list(
        "village_id", "code", "external_codes"
    )
    ours = {
        (unit, each.upper())
        for unit, code, others in known
        for each in (code or "", *(str(others.get(system, "")) for system in SYSTEMS))
    }
    return len(codes & ours)


def _parts(
    rows: Iterable[Judged],
    key_of: Callable[[ExternalDossier], str],
    name_of: Callable[[ExternalDossier], str],
) -> list[Part]:
    found: dict[str, list[Judged]] = {}
    for each in rows:
        found.setdefault(key_of(each.row), []).append(each)
    return [Part(key, name_of(some[0].row), on_time(some)) for key, some in found.items()]
