"""What the provincial lists say of time, by procedure and by month, and how much of it is counted here as well."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from bakhong.core.days import day_of
from bakhong.dossiers.models import Dossier, ExternalDossier
from bakhong.dossiers.queries.counts import Period
from bakhong.dossiers.queries.exchange import NATIONAL_CODE, Counted, Judged, counted_rows, on_time
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


@dataclass(frozen=True)
class Beside:
    """In time by the lists, of what is not counted here: our own count may stand beside it, and both may be added. `twice`: how many rows
    were left out because they are in our count. `as_of`: the latest day of the lists.
    """

    counted: Counted
    twice: int
    as_of: date | None


def beside(units: Collection[int], period: Period, ours: "QuerySet[Dossier]") -> Beside | None:
    """What the lists say of time in the period beside our own count of `ours`; None where they tell of nothing else."""
    rows = counted_rows(units, period)
    apart = not_among(rows, ours)
    counted = on_time(apart)
    if not counted.denominator:
        return None
    return Beside(counted, len(rows) - len(apart), last_day(rows))


def not_among(rows: Sequence[Judged], ours: "QuerySet[Dossier]") -> list[Judged]:
    """Those that are none of ours, by any code either is known by."""
    known = _known(rows, ours)
    return [each for each in rows if _code(each) not in known]


def here_too(rows: Sequence[Judged], units: Collection[int]) -> int:
    """How many of them are dossiers of this installation too, counted or not."""
    return len({_code(each) for each in rows} & _known(rows, Dossier.objects.filter(village__in=list(units))))


def _code(each: Judged) -> tuple[int, str]:
    return each.row.village_id, each.row.code.upper()


def _known(rows: Sequence[Judged], ours: "QuerySet[Dossier]") -> set[tuple[int, str]]:
    """(unit, code) of our dossiers as far as a row may name them."""
    if not rows:
        return set()
    named = Q(code__in=[each.row.code for each in rows]) | ~Q(external_codes={})
    known = ours.filter(named).values_list("village_id", "code", "external_codes")
    return {
        (unit, each.upper())
        for unit, code, others in known
        for each in (code or "", *(str(others.get(system, "")) for system in SYSTEMS))
    }


def _parts(
    rows: Iterable[Judged],
    key_of: Callable[[ExternalDossier], str],
    name_of: Callable[[ExternalDossier], str],
) -> list[Part]:
    found: dict[str, list[Judged]] = {}
    for each in rows:
        found.setdefault(key_of(each.row), []).append(each)
    return [Part(key, name_of(some[0].row), on_time(some)) for key, some in found.items()]
