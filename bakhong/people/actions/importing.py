"""Taking in a list of residents, all of it or nothing.

Every row ends in `recording.learn`, as a page's form does. The same file again finds every person and adds nothing: a row adds only
what neither stands of a person nor was said of them before for the same day.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.core.bulk import collecting_later, insert_many
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.core.text import identity_key
from bakhong.people import scope
from bakhong.people.actions.adopting import Adopted
from bakhong.people.actions.outcomes import Outcome, close_import, open_import
from bakhong.people.actions.recording import Saying, learn
from bakhong.people.actions.services_of_lists import ServicesOfList
from bakhong.people.actions.villages_of_lists import Villages
from bakhong.people.models import Household, Import, Person, Source
from bakhong.people.permissions import IMPORT, require
from bakhong.people.queries.identity import index_of
from bakhong.people.queries.said import said_about
from bakhong.people.reading import ResidentList
from bakhong.people.rules.matching import name_likeness
from bakhong.people.rules.news import GROUPS, is_known, said_for, same_birth, standing_values
from bakhong.people.rules.rows import Problem, Row, mask
from bakhong.places.models import Level, Unit

_ALIKE = 0.6  # below this two names at one number are two people
# Problems that come of what the roll or an earlier row says; another run may have others.
_OF_THE_ROLL = frozenset(
    {
        "id_shared",
        "maybe_double",
        "met_twice",
        "village_conflict",
        "village_differs",
        "village_ambiguous",
        "village_unknown",
        "name_differs",
        "birth_differs",
    }
)


@dataclass
class _Known:
    """A person a row may be about: one of the roll, or one an earlier row of the file makes (`saying`)."""

    person: Person | None
    name: str
    birth: str
    sex: str
    index: bytes
    place: int
    row: Row | None = None  # the first row of this file about them
    saying: int = -1  # what makes them
    values: dict[str, Any] = field(default_factory=dict)  # what this file says of one it makes


@collecting_later()
def import_list(
    *,
    commune: Unit,
    residents: ResidentList,
    file_name: str,
    content: bytes,
    by: Actor,
    at: datetime,
    dry_run: bool = False,
) -> Outcome:
    """Take in every acceptable row in one transaction; `dry_run` does the same and takes it back at once.

    Raises: NotAllowed; Refusal when the unit is no commune or the list is of a day on which it was not there.
    """
    require(IMPORT, commune.pk, by=by)
    if commune.level != Level.COMMUNE:
        raise Refusal(_("Danh sách được nhập cho một xã, phường hoặc thị trấn."))
    if residents.as_of > day_of(at):
        raise Refusal(_("Ngày của danh sách ở tương lai. Hãy ghi lại ngày."))
    before = scope.villages_of(by)
    with transaction.atomic():
        # Two imports into one commune wait for each other; whoever records something about its people does not.
        Unit.objects.select_for_update(no_key=True).get(pk=commune.pk)
        batch = open_import(commune, residents.as_of, file_name, content, by, at)
        outcome = _Importing(commune, residents, batch, by, at, before).run()
        outcome.dry_run = dry_run
        close_import(batch, outcome, by, at)
        if dry_run:
            transaction.set_rollback(True)
    return outcome


class _Importing:
    """One run over the rows of a list."""

    def __init__(
        self,
        commune: Unit,
        residents: ResidentList,
        batch: Import,
        by: Actor,
        at: datetime,
        visible: frozenset[int] | None,
    ) -> None:
        self.commune, self.residents, self.batch, self.by, self.at = commune, residents, batch, by, at
        self.as_of, self.on = residents.as_of, day_of(at)
        self.visible = visible
        self.outcome = Outcome(batch.uuid, False, residents.as_of, problems=list(residents.problems))
        self.villages = Villages(commune, residents.as_of, by, at)
        self.by_id: dict[bytes, _Known] = {}
        self.by_name: dict[str, list[_Known]] = defaultdict(list)
        self.sayings: list[Saying] = []
        self.has_others = False  # people of other communes

    def run(self) -> Outcome:
        rows = [row for row in self.residents.rows if not row.is_rejected]
        self.outcome.rejected = len(self.residents.rows) - len(rows)
        places = [self._place(row) for row in rows]
        self._see_new_villages()
        self._load(rows)
        met = [self._meet(row, place) for row, place in zip(rows, places, strict=True)]
        self._households(rows, met, places)
        self._say(rows, met, places)
        if self.sayings:
            learn(
                sayings=self.sayings,
                source=Source.LIST,
                by=self.by,
                at=self.at,
                deed="people.import_person",
                batch=self.batch,
                permission=IMPORT,
            )
        self.outcome.problems += [each for row in self.residents.rows for each in row.problems]
        self.outcome.villages = [unit.full_name for unit in self.villages.made.values()]
        self.outcome.is_repeatable = self._would_repeat(rows, places)
        return self.outcome

    def _would_repeat(self, rows: Sequence[Row], places: Sequence[int]) -> bool:
        """Whether the same file would now find everybody, add nothing and say the same. In doubt not.

        Where nothing was added, the next run does what this one did. Else everybody must be found by their number or be the only one
        whom their row can mean, and no problem may come of what the roll said before.
        """
        if self.outcome.rejected or self.has_others:
            return False
        if not self.sayings and not self.villages.made:
            return True
        if not _OF_THE_ROLL.isdisjoint(each.code for each in self.outcome.problems):
            return False
        return all(
            row.national_id or len(self._alike(row, place, b"")) == 1
            for row, place in zip(rows, places, strict=True)
        )

    # --- places ---------------------------------------------------------------------------------------------------------

    def _place(self, row: Row) -> int:
        """The village, or the commune where the row does not tell."""
        if not row.village:
            _complain(row, row.village_column, "village_missing")
            return self.commune.pk
        is_first = row.village not in self.villages.made
        unit, code = self.villages.named(row.village)
        if code and (code != "village_created" or (is_first and row.village in self.villages.made)):
            _complain(row, row.village_column, code, row.village)
        return unit.pk if unit else self.commune.pk

    def _see_new_villages(self) -> None:
        """The database lets through what the request may see; villages made just now belong to that."""
        if self.villages.made:
            self.by.__dict__.pop("_people_units", None)
            made = {unit.pk for unit in self.villages.made.values()}
            scope.open_to(None if self.visible is None else self.visible | made)

    # --- who a row is about ---------------------------------------------------------------------------------------------

    def _load(self, rows: Sequence[Row]) -> None:
        known = Person.objects.filter(is_known=True, merged_into=None)
        area = covered_ids([self.commune.pk], max(self.as_of, self.commune.valid_from or self.as_of))
        area |= {unit.pk for unit in self.villages.made.values()}
        for person in known.filter(village_id__in=area).order_by("pk"):
            self._add(_known(person))
        wanted = {index_of(row.national_id) for row in rows if row.national_id} - self.by_id.keys()
        for person in known.filter(national_id_index__in=list(wanted)).order_by("pk"):
            self._add(_known(person))
            self.has_others = True

    def _add(self, each: _Known) -> None:
        if each.index:
            self.by_id.setdefault(each.index, each)
        self.by_name[identity_key(each.name)].append(each)

    def _meet(self, row: Row, place: int) -> tuple[_Known, bool]:
        """The person a row is about, and whether an earlier row of the file was about them."""
        index = index_of(row.national_id) if row.national_id else b""
        known = self.by_id.get(index) if index else None
        if known is not None and name_likeness(known.name, row.values["name"])[0] < _ALIKE:
            # The same number at two names: one is wrong, and nobody can tell which.
            _complain(row, 0, "id_shared", mask(row.national_id))
            row.values.pop("national_id")
            index, known = b"", None
        if known is None:
            known = self._named(row, place, index)
        if known is None:
            values = row.values
            known = _Known(None, values["name"], values.get("birth", ""), values.get("sex", ""), index, place)
            self._add(known)
        elif index and not known.index:
            known.index = index
            self.by_id[index] = known
        is_again = known.row is not None
        known.row = known.row or row
        return known, is_again

    def _named(self, row: Row, place: int, index: bytes) -> _Known | None:
        """Somebody of that name and birth in that village whom no row of this file was about yet; or surely the same as one met."""
        born = row.values.get("birth", "")
        found = self._alike(row, place, index)
        free = [each for each in found if each.row is None]
        if free:
            return next((each for each in free if each.birth == born), free[0])
        sure = [each for each in found if len(born) == 10 and each.birth == born]
        if sure:
            return sure[0]
        if found and born:
            _complain(row, 0, "maybe_double", row.values["name"])
        return None

    def _alike(self, row: Row, place: int, index: bytes) -> list[_Known]:
        """Whom the row can mean by name, birth, sex and village."""
        born = row.values.get("birth", "")
        return [
            each
            for each in self.by_name.get(identity_key(row.values["name"]), [])
            if (place == each.place or self.commune.pk in (place, each.place))
            and not (index and each.index and index != each.index)
            and not (each.sex and row.values.get("sex") and each.sex != row.values["sex"])
            and same_birth(each.birth, born)
        ]

    # --- households -----------------------------------------------------------------------------------------------------

    def _households(
        self, rows: Sequence[Row], met: Sequence[tuple[_Known, bool]], places: Sequence[int]
    ) -> None:
        """Members of a household of the file join the household most of them are in already, else a new one."""
        members: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(rows):
            if row.household and not met[number][1]:
                members[row.household].append(number)
        persons = [known.person for known, _again in met if known.person is not None]
        ids = {person.household_id for person in persons if person.household_id is not None}
        uuids = dict(Household.objects.filter(pk__in=ids).values_list("pk", "uuid"))
        made = []
        for numbers in members.values():
            lived_in = Counter(
                person.household_id
                for number in numbers
                if (person := met[number][0].person) is not None and person.household_id in uuids
            )
            if lived_in:
                uuid = uuids[lived_in.most_common(1)[0][0]]
            else:
                household = Household(village_id=places[numbers[0]], code=rows[numbers[0]].household_code)
                made.append(household)
                uuid = household.uuid
            for number in numbers:
                rows[number].values["household"] = str(uuid)
        insert_many(made)

    # --- what a row adds ------------------------------------------------------------------------------------------------

    def _say(self, rows: Sequence[Row], met: Sequence[tuple[_Known, bool]], places: Sequence[int]) -> None:
        persons = {known.person.pk: known.person for known, _again in met if known.person is not None}
        said = said_about(list(persons.values()))
        stands = {pk: standing_values(facts, self.on) for pk, facts in said.items()}
        before = {pk: said_for(facts, self.as_of) for pk, facts in said.items()}
        services = ServicesOfList(persons, self.as_of)
        for row, (known, is_again), place in zip(rows, met, places, strict=True):
            values = {**row.values, "place": place}
            if is_again:
                self._met_again(row, known, place)
                values.pop("place")
            adopted = services.news(
                row,
                person_id=known.person.pk if known.person else None,
                key=id(known),
                detail=self._where(row),
            )
            if known.person is not None:
                pk = known.person.pk
                values = self._news(row, values, stands[pk], before[pk])
                stands[pk] |= values
                if not is_again:
                    self.outcome.updated += bool(values or adopted)
                    self.outcome.unchanged += not (values or adopted)
                if values or adopted:
                    self._saying(row, values, adopted, person=known.person)
            elif is_again:
                values = self._news(row, values, known.values, set())
                known.values |= values
                if values or adopted:
                    self._saying(row, values, adopted, same_as=known.saying)
            else:
                known.saying, known.values = len(self.sayings), values
                self.outcome.created += 1
                self._saying(row, values, adopted)

    def _met_again(self, row: Row, known: _Known, place: int) -> None:
        self.outcome.duplicates += 1
        assert known.row is not None
        _complain(row, 0, "met_twice", f"{known.row.sheet}!{known.row.row + 1}")
        home = known.values.get("place", known.place)
        if place not in (home, self.commune.pk):
            _complain(row, row.village_column, "village_conflict", row.village)

    def _news(
        self,
        row: Row,
        values: Mapping[str, Any],
        stands: Mapping[str, Any],
        said: set[tuple[tuple[str, Any], ...]],
    ) -> dict[str, Any]:
        """The part of a row that nobody knows yet."""
        news: dict[str, Any] = {}
        for group in GROUPS:
            part = {key: values[key] for key in group if values.get(key) not in (None, "")}
            if not part or tuple(part.items()) in said or is_known(part, stands, self.commune.pk):
                continue
            news |= part
            if "place" in part and stands.get("place"):
                _complain(row, row.village_column, "village_differs", row.village)
            if "name" in part and stands.get("name"):
                _complain(row, 0, "name_differs", part["name"])
            if "birth" in part and stands.get("birth") and not part["birth"].startswith(stands["birth"]):
                _complain(row, 0, "birth_differs", part["birth"])
        return news

    def _saying(
        self,
        row: Row,
        values: Mapping[str, Any],
        adoptions: Sequence[Adopted],
        *,
        person: Person | None = None,
        same_as: int | None = None,
    ) -> None:
        self.sayings.append(
            Saying(
                values,
                person=person,
                same_as=same_as,
                true_from=self.as_of,
                detail=self._where(row),
                adoptions=adoptions,
            )
        )

    def _where(self, row: Row) -> str:
        return f"{row.sheet}, {_('dòng')} {row.row + 1}"


def _known(person: Person) -> _Known:
    parts = [f"{person.birth_year:04d}"] if person.birth_year else []
    parts += [f"{part:02d}" for part in (person.birth_month, person.birth_day) if part]
    index = bytes(person.national_id_index) if person.national_id_index is not None else b""
    return _Known(person, person.name, "-".join(parts), person.sex, index, person.village_id)


def _complain(row: Row, column: int, code: str, value: str = "") -> None:
    row.problems.append(Problem(row.sheet, row.row, column, code, value[:60]))
