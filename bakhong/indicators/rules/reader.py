"""Reads a written report: figures tied to indicators and places, and what does not agree among them.

Rules, not a model: the same text always reads the same way, in milliseconds, without a network. See README.md for the method.
"""

from bisect import bisect_right
from dataclasses import replace
from datetime import date

from bakhong.indicators.rules import messages
from bakhong.indicators.rules.checks import (
    FindingDraft,
    check_denominators,
    check_of_which,
    check_percents,
    check_remainders,
    check_shares,
)
from bakhong.indicators.rules.dates import years_named
from bakhong.indicators.rules.definitions import registry
from bakhong.indicators.rules.drafts import Draft, draft, mark_targets
from bakhong.indicators.rules.families import check_families
from bakhong.indicators.rules.lexicon import Mention, lexicon
from bakhong.indicators.rules.linking import Linker
from bakhong.indicators.rules.normalise import Folded, fold
from bakhong.indicators.rules.nouns import compatible
from bakhong.indicators.rules.numbers import Number, scan
from bakhong.indicators.rules.pairing import pair
from bakhong.indicators.rules.placing import place, when
from bakhong.indicators.rules.reading import Figure, Finding, Reading, Repair
from bakhong.indicators.rules.relations import Group, groups, link_parts
from bakhong.indicators.rules.segments import Sentence, sentences
from bakhong.indicators.rules.texttables import renumbered, tables
from bakhong.indicators.rules.units import UnitMention, unit_mentions


def read(text: str, *, on: date | None = None, unit_name: str | None = None) -> Reading:
    """Finds, ties and checks the figures of a report.

    `on` is the day of publication (days printed without a year are dated by it), `unit_name` the place the report is about where it
    names none. Offsets are in `text` as given.

    Raises: ReportTooLong, TooManyNumbers.

    >>> reading = read("Xã A Lưới có 1.601 người/3.986 người có chữ ký số, đạt tỷ lệ 40,16%.")
    >>> [(one.numerator, one.denominator, str(one.percent), one.indicator, one.unit_name) for one in reading.figures]
    [(1601, 3986, '40.16', 'personal_signature', 'xã A Lưới')]
    >>> [(one.code, str(one.expected)) for one in reading.findings]
    [('percent_truncated', '40.17')]
    """
    return _Report(fold(text), on, unit_name).reading()


VULGAR = 4  # "2/3 dân số" is a way of speaking


class _Report:
    """The working state of one reading."""

    def __init__(self, folded: Folded, on: date | None, unit_name: str | None) -> None:
        self.folded, self.on, self.unit_name = folded, on, unit_name
        self.low, self.cased = folded.low, folded.cased
        self.registry = registry()
        self.sentences = sentences(self.low, self.cased)
        self.mentions: dict[int, list[Mention]] = {}
        self.tables, self.covered = tables(folded, unit_name)

    def reading(self) -> Reading:
        by_sentence = self._drafts()
        found: list[FindingDraft] = []
        self._link(by_sentence)
        everything = groups(self.low, self.sentences, by_sentence)
        links = [link_parts(self.low, group, self.sentences) for group in everything]
        for group, of_which in zip(everything, links, strict=True):
            self._inherit_parts(group, of_which)
            self._inherit_levels(group)
        for at, (group, of_which) in enumerate(zip(everything, links, strict=True)):
            check_shares(group, of_which)
            previous = everything[at - 1].items if at else []
            following = everything[at + 1].items if at + 1 < len(everything) else []
            near = [one for one in (*previous[-12:], *group.items, *following[:12]) if one.kind != "percent"]
            found += check_of_which(self.low, of_which, near)
            found += check_families(self.low, group, self.sentences)
            found += check_remainders(self.low, group, self._before(everything, at))
        drafts = [one for sentence in by_sentence for one in sentence if not one.tied]
        self._place(drafts)
        found += check_percents(self.low, [one for one in drafts if one.kind != "fraction" or _shows(one)])
        shown = [one for one in drafts if _shows(one)]
        found += check_denominators(self.low, shown, self.registry)
        return self._result(shown, _distinct(found))

    def _drafts(self) -> list[list[Draft]]:
        starts = [sentence.start for sentence in self.sentences]
        grouped: list[list[Number]] = [[] for _ in self.sentences]
        table_starts = [start for start, _ in self.covered]
        for number in scan(self.low, self.cased):
            table = bisect_right(table_starts, number.start) - 1
            if table >= 0 and number.start < self.covered[table][1]:
                continue
            grouped[bisect_right(starts, number.start) - 1].append(number)
        out = []
        for index, (sentence, numbers) in enumerate(zip(self.sentences, grouped, strict=True)):
            drafts = draft(self.low, numbers, index, sentence) if numbers else []
            if drafts:
                mark_targets(self.low, sentence, drafts)
                pair(self.low, drafts)
            out.append(drafts)
        return out

    def _link(self, by_sentence: list[list[Draft]]) -> None:
        linker = Linker(self.low, self.cased, self.registry, self.sentences)
        topic: str | None = None
        for index, drafts in enumerate(by_sentence):
            sentence = self.sentences[index]
            if not drafts:
                topic = self._heading(sentence, topic)
                continue
            mentions = lexicon().mentions(self.low, sentence.start, sentence.end)
            self.mentions[index] = mentions
            linker.link(drafts, mentions, topic)
            drafts += self._shared(linker, drafts, mentions)
            if self.low[sentence.end - 1] == ":" or not sentence.bullet:
                topic = None
            if self.low[sentence.end - 1] == ":":
                topic = next((one.indicator for one in reversed(drafts) if one.indicator), None)

    def _heading(self, sentence: Sentence, topic: str | None) -> str | None:
        """The indicator of a heading ("2. Về chữ ký số:"), for the lines under it."""
        if self.low[sentence.end - 1] != ":" and sentence.end - sentence.start > 120:
            return None if not sentence.bullet else topic
        codes = {
            one.key
            for one in lexicon().mentions(self.low, sentence.start, sentence.end)
            if one.kind == "indicator"
        }
        if len(codes) == 1:
            return codes.pop()
        return None if codes or self.low[sentence.end - 1] != ":" else topic

    def _shared(self, linker: Linker, drafts: list[Draft], mentions: list[Mention]) -> list[Draft]:
        """ "A, B và C đều đạt 80%" is one number told of three subjects: a figure for each."""
        out: list[Draft] = []
        shown = [one for one in drafts if not one.tied]
        starts = [mention.start for mention in mentions]
        for at, one in enumerate(shown):
            left = max(one.clause[0], shown[at - 1].end if at else 0)
            codes = linker.shared_subjects(one, mentions, starts, left)
            if len(codes) < 2:
                continue
            one.indicator, one.shared = codes[0], True
            for code in codes[1:]:
                copy = Draft(one.kind, one.start, one.end, one.head_end, one.sentence, one.clause)
                copy.percent, copy.qualifier, copy.percent_qualifier = (
                    one.percent,
                    one.qualifier,
                    one.percent_qualifier,
                )
                copy.role, copy.indicator, copy.shared = one.role, code, True
                copy.population, copy.population_text = one.population, one.population_text
                out.append(copy)
        return out

    def _inherit_parts(self, group: Group, links: list[tuple[Draft, list[Draft]]]) -> None:
        """A part without a subject of its own is about what its whole is about."""
        for whole, parts in links:
            for part in parts:
                if part.indicator is None and whole.indicator and compatible(part.family, whole.family):
                    # "trong đó 180 người cao tuổi" counts some people, not the indicator; "trong đó đã kích hoạt 1.491" does
                    part.indicator = whole.indicator
                    self._stage_of(part)
                    if part.stage is None and part.family is not None:
                        part.indicator = None
                definition = self.registry.get(part.indicator) if part.indicator else None
                if definition and part.stage is None and whole.stage in definition.stages:
                    part.stage = whole.stage

    def _stage_of(self, one: Draft) -> None:
        definition = self.registry.get(one.indicator or "")
        sentence = self.sentences[one.sentence]
        for mention in reversed(self.mentions.get(one.sentence, [])):
            near = (
                sentence.start <= mention.start and one.number_start - 60 <= mention.start < one.number_start
            )
            if mention.kind == "stage" and near and mention.key in definition.stages:
                one.stage = mention.key
                return

    def _inherit_levels(self, group: Group) -> None:
        """ "3.273/5.311 tài khoản; Tổng mức 1 …; Tổng mức 2 …": accounts told together with levels are e-identity accounts."""
        if not any(one.indicator in ("eid_level1", "eid_level2") for one in group.items):
            return
        wholes = [
            one for one in group.items if one.indicator in ("eid_level1", "eid_level2") and one.whole is None
        ]
        stages = {one.stage for one in wholes if one.stage}
        with_parts = {id(one.whole) for one in group.items}
        for one in wholes:
            if one.stage is None and len(stages) == 1 and id(one) in with_parts:
                one.stage = min(stages)
        for one in group.items:
            if one.indicator is None and one.noun in ("tài khoản", "tk") and one.kind == "fraction":
                one.indicator = "eid_accounts"

    def _before(self, everything: list[Group], at: int) -> list[Draft]:
        """The figures of the group before, in the same paragraph or the one before it."""
        if not at:
            return []
        here, there = (
            self.sentences[everything[at].sentences[0]],
            self.sentences[everything[at - 1].sentences[-1]],
        )
        if here.paragraph - there.paragraph > 1:
            return []
        return [one for one in everything[at - 1].items if not one.tied]

    def _place(self, drafts: list[Draft]) -> None:
        units = unit_mentions(self.low, self.cased)
        starts = [unit.start for unit in units]
        years = years_named(self.low)
        for one in drafts:
            one.unit_name = place(one, units, starts, self.sentences, self.unit_name)
            one.period = when(self.low, one, self.sentences[one.sentence], years, self.on)
        for at, one in enumerate(drafts):
            if one.whole is not None or one.role == "remaining":
                source = one.whole or _last_before(drafts, at)
                if source:
                    one.period = one.period or source.period
                    if not self._named_in(one, units, starts):
                        one.unit_name = source.unit_name

    def _named_in(self, one: Draft, units: list[UnitMention], starts: list[int]) -> bool:
        sentence = self.sentences[one.sentence]
        return bisect_right(starts, one.start) > bisect_right(starts, sentence.start - 1)

    def _result(self, drafts: list[Draft], found: list[FindingDraft]) -> Reading:
        drafts = sorted(drafts, key=lambda one: (one.start, one.end))
        ids = {id(one): number for number, one in enumerate(drafts, 1)}
        figures = [self._figure(ids[id(one)], one) for one in drafts]
        findings = [_finding(one, ids) for one in found]
        for table in self.tables:
            more, troubles = renumbered(self.folded, table, len(figures))
            figures += more
            findings += troubles
        if self.tables:
            figures, findings = _in_order(figures, findings)
        findings.sort(key=lambda one: (min(one.figures, default=0), one.code))
        days = [one.period.as_of for one in drafts if one.period and one.role == "value"]
        names = tuple(dict.fromkeys(one.unit_name for one in figures if one.unit_name))
        return Reading(
            tuple(figures), tuple(findings), max(set(days), key=days.count) if days else None, names
        )

    def _figure(self, number: int, one: Draft) -> Figure:
        start, end = self.folded.span(one.start, one.end)
        percent = one.percent
        period = one.period
        return Figure(
            id=number, start=start, end=end, text=self.folded.given[start:end],
            numerator=one.n, denominator=one.d, percent=percent.value if percent else None,
            percent_places=percent.places if percent else 0, percent_to=one.percent_to.value if one.percent_to else None,
            qualifier=one.percent_qualifier or one.qualifier, indicator=one.indicator, unit_name=one.unit_name,
            stage=one.stage, role=one.role, population=one.population, population_text=one.population_text or None,
            as_of=period.as_of if period else None, counted_from=period.first if period else None,
            counted_to=period.last if period else None,
        )  # fmt: skip


def _shows(one: Draft) -> bool:
    """A count needs a subject or a part in a check; a fraction a noun, a percent or a subject: "16/6" alone is none."""
    if one.kind == "count":
        return one.indicator is not None or one.used
    vulgar = one.kind == "fraction" and one.percent is None and (one.d or 0) <= VULGAR
    if vulgar and one.family in ("person", "household", "official", None):
        return False
    return one.kind == "percent" or bool(one.family or one.percent or one.indicator)


def _in_order(figures: list[Figure], findings: list[Finding]) -> tuple[list[Figure], list[Finding]]:
    """Numbers the figures of prose and tables together, in the order of the text."""
    ordered = sorted(figures, key=lambda one: (one.start or 0, one.end or 0))
    new = {one.id: number for number, one in enumerate(ordered, 1)}
    renamed = [
        replace(
            one,
            figures=tuple(sorted(new[number] for number in one.figures if number in new)),
            repairs=tuple(replace(repair, figure=new.get(repair.figure, 0)) for repair in one.repairs),
        )
        for one in findings
    ]
    return [replace(one, id=new[one.id]) for one in ordered], renamed


def _last_before(drafts: list[Draft], at: int) -> Draft | None:
    """The nearest figure before about the same indicator."""
    wanted = drafts[at].indicator
    return next((other for other in reversed(drafts[max(0, at - 8) : at]) if other.indicator == wanted), None)


def _distinct(found: list[FindingDraft]) -> list[FindingDraft]:
    """One finding for one disagreement: parts that were added to their whole are not also parts that do not sum."""
    seen: set[tuple[str, frozenset[int]]] = set()
    out = []
    for one in found:
        key = (one.code, frozenset(map(id, one.drafts)))
        if key not in seen:
            seen.add(key)
            out.append(one)
    return out


def _finding(one: FindingDraft, ids: dict[int, int]) -> Finding:
    repairs = tuple(
        Repair(ids[id(repair.draft)], repair.field, repair.printed, repair.fits, repair.kind)
        for repair in one.repairs
    )
    vi, en = one.message
    return Finding(
        one.code,
        tuple(sorted({ids[id(each)] for each in one.drafts})),
        one.expected,
        one.found,
        vi + messages.repair_sentence(repairs, "vi"),
        en + messages.repair_sentence(repairs, "en"),
        repairs,
    )
