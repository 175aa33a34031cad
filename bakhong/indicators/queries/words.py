"""Rules in words, in the language of the moment."""

from decimal import Decimal
from functools import cache, lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bakhong.core.numbers import percent_of
from bakhong.indicators.queries.shapes import Rule, RuleName, Value
from bakhong.indicators.rules.definitions import STAGES, Definition, registry
from bakhong.indicators.rules.measures import MeasureKey, measures


def is_english() -> bool:
    return (get_language() or "vi").startswith("en")


def definition_of(rule: Rule) -> Definition:
    """The definition in the version the rule names; the newest where a figure's version is no longer in the registry."""
    return _definition(rule.indicator, rule.version)


@cache
def _definition(code: str, number: int) -> Definition:
    newest = registry().get(code)
    start = next((version.valid_from for version in newest.versions if version.number == number), None)
    return newest if start is None else registry().version(code, start)


def indicator_name(code: str) -> str:
    if code not in registry():
        return code
    definition = registry().get(code)
    return definition.name_en if is_english() else definition.name_vi


def stage_name(stage: str) -> str:
    if not stage:
        return ""
    names = STAGES.get(stage, (stage, stage))
    return names[1] if is_english() else names[0]


def population_name(key: str, text: str = "") -> str:
    """Whom the denominator counts; the source's own words where no rule matches them."""
    known = registry().populations.get(key)
    if known is None:
        return text or _("nguồn không nói tính trên ai")
    return known.name_en if is_english() else known.name_vi


def name_of(rule: Rule) -> RuleName:
    return _name_of(rule, is_english())


@lru_cache(maxsize=4096)
def _name_of(rule: Rule, _english: bool) -> RuleName:
    return RuleName(
        indicator_name(rule.indicator),
        stage_name(rule.stage),
        population_name(rule.population, rule.population_text),
        bool(rule.population in registry().populations or rule.population_text),
    )


def why_not_comparable(rule: Rule) -> str:
    """ "" when figures under this rule may be ranked, else the reason in words."""
    if rule.indicator not in registry():
        return _("chỉ tiêu không còn trong danh mục")
    if not rule.population:
        return _("nguồn không nói tính trên ai")
    if not rule.stage and len(definition_of(rule).stages) > 1:
        return _("nguồn không nói đã đến giai đoạn nào (đăng ký, cài đặt hay kích hoạt)")
    return ""


def value_of(
    rule: Rule,
    numerator: int | None,
    denominator: int | None,
    printed: Decimal | None,
    places: int,
    qualifier: str,
) -> Value:
    """Computed from numerator and denominator at the definition's rounding; `printed` is kept where it says something else."""
    if numerator is None or denominator is None:
        return Value(numerator, denominator, printed, None, qualifier)
    decimals = definition_of(rule).decimals if rule.indicator in registry() else 1
    differs = printed is not None and percent_of(numerator, denominator, places) != printed
    return Value(
        numerator,
        denominator,
        percent_of(numerator, denominator, decimals),
        printed if differs else None,
        qualifier,
    )


def measure_name(key: MeasureKey) -> RuleName:
    """A measure in words, as a rule is said; by a name of its own where it counts less than the indicator's name says."""
    chosen = measures().get(key)
    own = chosen.names[1 if is_english() else 0] if chosen else ""
    return RuleName(
        own or indicator_name(key.indicator), stage_name(key.stage), population_name(key.population)
    )
