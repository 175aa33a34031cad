"""Models as the frozen rows the screens get."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from bakhong.indicators.models import Figure, Finding
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


def figure_rows(ids: Collection[int]) -> dict[int, FigureRow]:
    """Figures with their source, by id. One query."""
    rows = Figure.objects.filter(pk__in=list(ids)).select_related("unit", "report").defer("report__text")
    return {figure.pk: figure_row(figure) for figure in rows}


def open_findings(units: Collection[int]) -> tuple[dict[int, Severities], dict[int, Severities]]:
    """Open findings counted by unit and by figure. One query."""
    by_unit: dict[int, dict[int, str]] = defaultdict(dict)
    by_figure: dict[int, dict[int, str]] = defaultdict(dict)
    rows = (
        Finding.objects.open()
        .filter(unit_id__in=list(units))
        .values_list("pk", "unit_id", "severity", "figures")
    )
    for pk, unit, severity, figure in rows:
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
