"""Models as the frozen rows the screens get."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db import connection

from bakhong.indicators.models import Figure
from bakhong.indicators.queries.facts import Fact
from bakhong.indicators.queries.measures import when_of
from bakhong.indicators.queries.shapes import FigureRow, Rule, Severities, UnitRef
from bakhong.indicators.queries.words import name_of, value_of
from bakhong.places.models import Unit

NOTHING = Severities()


def unit_ref(unit: Unit) -> UnitRef:
    return UnitRef(unit.pk, unit.uuid, unit.code, unit.full_name, unit.level, unit.valid_from, unit.valid_to)


def unit_refs(ids: Iterable[int]) -> dict[int, UnitRef]:
    """One query."""
    return {pk: unit_ref(unit) for pk, unit in Unit.objects.in_bulk(list(ids)).items()}


def rule_of(figure: Figure) -> Rule:
    text = "" if figure.population else figure.population_text
    return Rule(figure.indicator, figure.definition_version, figure.stage, figure.population, text)


def figure_row(figure: Figure) -> FigureRow:
    """Needs `unit` and `report` selected."""
    rule = rule_of(figure)
    return FigureRow(
        uuid=figure.uuid,
        unit=unit_ref(figure.unit),
        rule=rule,
        rule_name=name_of(rule),
        role=figure.role,
        scope=figure.scope,
        value=value_of(
            rule,
            figure.numerator,
            figure.denominator,
            figure.percent,
            figure.percent_places,
            figure.qualifier,
        ),
        when=when_of(_as_fact(figure)),
        population_text=figure.population_text,
        report_uuid=figure.report.uuid,
        report_title=figure.report.title,
        report_source=figure.report.source,
        excerpt=figure.excerpt,
        start=figure.start,
        end=figure.end,
        note=figure.note,
        entered_by=figure.entered_by,
        entered_at=figure.entered_at,
    )


_SOURCE = (
    "id", "uuid", "excerpt", "start", "end", "note", "entered_by", "entered_at", "report__uuid", "report__title", "report__source",
)  # fmt: skip


def fact_rows(facts: Iterable[Fact], units: Mapping[int, UnitRef]) -> dict[int, FigureRow]:
    """Facts with their source, by id of the figure; `units` holds the units they are about. One query."""
    wanted = {fact.id: fact for fact in facts}
    found = {}
    for pk, uuid, excerpt, start, end, note, by, at, *report in Figure.objects.filter(
        pk__in=list(wanted)
    ).values_list(*_SOURCE):
        fact = wanted[pk]
        found[pk] = FigureRow(
            uuid=uuid,
            unit=units[fact.unit],
            rule=fact.rule,
            rule_name=name_of(fact.rule),
            role=fact.role,
            scope=fact.scope,
            value=value_of(
                fact.rule, fact.numerator, fact.denominator, fact.percent, fact.places, fact.qualifier
            ),
            when=when_of(fact),
            population_text=fact.population_text,
            report_uuid=report[0],
            report_title=report[1],
            report_source=report[2],
            excerpt=excerpt,
            start=start,
            end=end,
            note=note,
            entered_by=by,
            entered_at=at,
        )
    return found


_OPEN_FINDINGS = """
select finding.id, finding.unit_id, finding.severity, link.figure_id
  from indicators_finding finding left join indicators_finding_figures link on link.finding_id = finding.id
 where finding.unit_id = any(%(units)s) and finding.withdrawn_at is null
   and not exists (select from indicators_findinganswer a where a.finding_id = finding.id and a.withdrawn_at is null)
   and not exists (
       select from indicators_finding_figures held
         left join indicators_figure correction on correction.corrects_id = held.figure_id
         left join indicators_retraction retraction on retraction.figure_id = held.figure_id
        where held.finding_id = finding.id and (correction.id is not null or retraction.id is not null)
   )
"""


def open_findings(units: Collection[int]) -> tuple[dict[int, Severities], dict[int, Severities]]:
    """Open findings (as `Finding.objects.open()`) counted by unit and by figure. One query."""
    by_unit: dict[int, dict[int, str]] = defaultdict(dict)
    by_figure: dict[int, dict[int, str]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_FINDINGS, {"units": list(units)})
        for pk, unit, severity, figure in cursor.fetchall():
            by_unit[unit][pk] = severity
            if figure is not None:
                by_figure[figure][pk] = severity
    return {key: count(found) for key, found in by_unit.items()}, {
        key: count(found) for key, found in by_figure.items()
    }


def count(findings: Mapping[int, str]) -> Severities:
    errors = sum(severity == "error" for severity in findings.values())
    return Severities(errors, len(findings) - errors)


def add(parts: Iterable[Severities]) -> Severities:
    parts = list(parts)
    return Severities(sum(part.errors for part in parts), sum(part.warnings for part in parts))


def _as_fact(figure: Figure) -> Fact:
    return Fact(
        figure.pk, figure.unit_id, figure.role, figure.scope, figure.indicator, figure.definition_version, figure.stage,
        figure.population, figure.population_text, figure.counted_from, figure.counted_to, figure.published_on,
        figure.effective_on, figure.numerator, figure.denominator, figure.percent, figure.percent_places, figure.qualifier,
    )  # fmt: skip
