"""Who uses which service: dated facts, and the periods that follow."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import Error, transaction

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, NotFound, Refusal
from bakhong.people import scope
from bakhong.people.actions import (
    Adopted,
    Saying,
    add_organisation,
    correct_fact,
    learn,
    make_household,
    merge_people,
    record_adoptions,
    record_fact,
    record_subscription,
    retract_adoptions,
    retract_facts,
    unmerge_people,
)
from bakhong.people.models import Adoption, Holding, Person
from bakhong.people.queries.adoption import lives_of, lives_of_subjects, missing_services, standing_of
from bakhong.people.signals import facts_recorded, subjects_recorded
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

DAY = date(2026, 3, 1)


@pytest.fixture
def adopt(actor: Actor, at: datetime):  # type: ignore[no-untyped-def]
    def record(person: Person, service: str, state: str, day: date | None = DAY, **more) -> Adoption:  # type: ignore[no-untyped-def]
        entry = Adopted(service, state, person=person, happened_on=day, **more)
        return record_adoptions(entries=[entry], source="visit", by=actor, at=at)[0]

    return record


def held(person: Person) -> list[tuple[str, str, date | None, date | None]]:
    rows = Holding.objects.filter(person=person).order_by("service", "valid_from")
    return list(rows.values_list("service", "state", "valid_from", "valid_to"))


def test_it_records_and_leaves_a_trace(person: MakePerson, adopt, village: Unit) -> None:  # type: ignore[no-untyped-def]
    made = person("Lê Văn An", birth="1980")
    fact = adopt(made, "digital_signature", "activated", provider=" Viettel  MySign ", evidence="màn hình")
    assert (fact.provider, fact.village, fact.happened_on) == ("Viettel MySign", village, DAY)
    assert held(made) == [("digital_signature", "activated", DAY, None)]
    event = Event.objects.get(deed="people.record_adoption")
    assert (event.object_kind, event.object_id, event.place_id) == ("person", str(made.uuid), village.pk)
    assert "MySign" not in str(event.details)


def test_two_workers_saying_the_same_agree(person: MakePerson, adopt) -> None:  # type: ignore[no-untyped-def]
    made = person("Lê Văn An", birth="1980")
    adopt(made, "payment_account", "activated")
    before = Holding.objects.get()
    adopt(made, "payment_account", "activated", DAY + timedelta(days=3))
    adopt(made, "payment_account", "registered", DAY + timedelta(days=4))
    assert Adoption.objects.count() == 3
    assert Holding.objects.get() == before
    assert held(made) == [("payment_account", "activated", DAY, None)]


def test_what_was_said_later_of_an_earlier_day_stands_from_that_day(person: MakePerson, adopt) -> None:  # type: ignore[no-untyped-def]
    made = person("Lê Văn An", birth="1980")
    adopt(made, "eid_level2", "activated")
    adopt(made, "eid_level2", "registered", DAY - timedelta(days=40))
    adopt(made, "eid_level2", "activated", DAY - timedelta(days=9))
    assert held(made) == [
        ("eid_level2", "registered", DAY - timedelta(days=40), DAY - timedelta(days=9)),
        ("eid_level2", "activated", DAY - timedelta(days=9), None),
    ]


def test_an_unknown_day_holds_from_the_day_it_was_learned(person: MakePerson, adopt, at: datetime) -> None:  # type: ignore[no-untyped-def]
    made = person("Lê Văn An", birth="1980")
    adopt(made, "e_wallet", "in_use", None)
    assert held(made) == [("e_wallet", "in_use", at.date(), None)]


def test_a_certificate_lapses_on_its_day(person: MakePerson, adopt) -> None:  # type: ignore[no-untyped-def]
    made = person("Lê Văn An", birth="1980", device="smartphone")
    end = date(2027, 3, 1)
    adopt(made, "digital_signature", "activated", expires_on=end)
    assert held(made)[-1] == ("digital_signature", "lapsed", end, None)

    def missing(on: date) -> bool:
        return "digital_signature" in {each.code for each in missing_services(made, on)[made.pk]}

    assert [missing(day) for day in (DAY - timedelta(days=1), DAY, end)] == [True, False, True]


def test_a_neighbours_no_is_kept_as_a_doubt(person: MakePerson, adopt) -> None:  # type: ignore[no-untyped-def]
    made = person("Lê Văn An", birth="1980")
    adopt(made, "payment_account", "activated")
    doubt = adopt(made, "payment_account", "none", DAY + timedelta(days=5), reason="no_need")
    (line,) = [
        each for each in standing_of(made, DAY + timedelta(days=9)) if each.service.code == "payment_account"
    ]
    assert (line.state, line.doubts, line.reason) == ("activated", (doubt,), "no_need")
    adopt(made, "payment_account", "none", DAY + timedelta(days=6), is_verified=True)
    assert held(made)[-1] == ("payment_account", "none", DAY + timedelta(days=6), None)


def test_taking_back_and_bringing_back(person: MakePerson, adopt, actor: Actor, at: datetime) -> None:  # type: ignore[no-untyped-def]
    made = person("Lê Văn An", birth="1980")
    fact = adopt(made, "portal_account", "activated")
    (gone,) = retract_adoptions(adoptions=[fact], by=actor, at=at)
    assert held(made) == []
    assert retract_adoptions(adoptions=[fact], by=actor, at=at) == []  # twice changes nothing
    retract_adoptions(adoptions=[gone], by=actor, at=at)
    assert held(made) == [("portal_account", "activated", DAY, None)]
    assert Adoption.objects.count() == 3


def test_the_same_key_is_the_same_fact(person: MakePerson, adopt) -> None:  # type: ignore[no-untyped-def]
    made, key = person("Lê Văn An", birth="1980"), uuid4()
    first = adopt(made, "e_wallet", "activated", client_key=key)
    assert adopt(made, "e_wallet", "activated", client_key=key).pk == first.pk
    assert Adoption.objects.count() == 1
    assert Event.objects.filter(deed="people.record_adoption").count() == 1
    with pytest.raises(Conflict):
        adopt(made, "portal_account", "activated", client_key=key)
    adopt(made, "e_wallet", "activated")  # negative control: without a key it is a further fact
    assert Adoption.objects.count() == 2


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"service": "merchant_qr", "state": "activated"}, "đối tượng"),
        ({"service": "nothing", "state": "activated"}, "đối tượng"),
        ({"service": "online_services", "state": "registered"}, "tình trạng"),
        ({"service": "e_wallet", "state": "none", "reason": "whatever"}, "danh sách"),
        ({"service": "e_wallet", "state": "activated", "happened_on": date(2027, 1, 1)}, "tương lai"),
        ({"service": "e_wallet", "state": "activated", "evidence": "x" * 201}, "quá dài"),
        ({"service": "e_wallet", "state": "activated", "happened_on": DAY, "expires_on": DAY}, "hết hạn"),
    ],
)
def test_it_refuses_what_cannot_be(
    entry: dict[str, object], said: str, person: MakePerson, actor: Actor, at: datetime
) -> None:
    made = person("Lê Văn An", birth="1980")
    with pytest.raises(Refusal, match=said):
        record_adoptions(entries=[Adopted(person=made, **entry)], source="visit", by=actor, at=at)  # type: ignore[arg-type]
    assert not Adoption.objects.exists()


def test_a_child_is_refused_by_age_and_only_when_sure(person: MakePerson, adopt) -> None:  # type: ignore[no-untyped-def]
    child = person("Lê Văn Bé", birth="2013-05-01")
    with pytest.raises(Refusal, match="14 tuổi"):
        adopt(child, "eid_level2", "activated")
    adopt(child, "eid_level2", "none")
    adopt(person("Lê Văn Con", birth="2012"), "eid_level2", "activated")  # perhaps born on 1 January


def test_all_or_nothing(person: MakePerson, actor: Actor, at: datetime) -> None:
    made = person("Lê Văn An", birth="1980")
    entries = [Adopted("e_wallet", "activated", person=made), Adopted("e_wallet", "gone", person=made)]
    with pytest.raises(Refusal):
        record_adoptions(entries=entries, source="visit", by=actor, at=at)
    assert not Adoption.objects.exists()


def test_the_right_place_only(person: MakePerson, villages: list[Unit], staff, at: datetime) -> None:  # type: ignore[no-untyped-def]
    made = person("Lê Văn An", birth="1980")
    entry = Adopted("e_wallet", "activated", person=made)
    elsewhere = staff("village_head", villages[1])
    with pytest.raises(NotAllowed):
        record_adoptions(entries=[entry], source="visit", by=elsewhere, at=at)
    assert record_adoptions(entries=[entry], source="visit", by=staff("village_head", villages[0]), at=at)


def test_the_wall_hides_them(
    person: MakePerson, villages: list[Unit], adopt, actor: Actor, at: datetime
) -> None:  # type: ignore[no-untyped-def]
    made = person("Lê Văn An", birth="1980")
    fact = adopt(made, "e_wallet", "activated")
    scope.open_to([villages[1].pk])
    assert not Adoption.objects.exists()
    assert not Holding.objects.exists()
    with pytest.raises(NotFound):
        retract_adoptions(adoptions=[fact], by=actor, at=at)
    scope.open_to([villages[0].pk])
    assert Adoption.objects.count() == Holding.objects.count() == 1  # negative control


def test_facts_are_never_changed(person: MakePerson, adopt) -> None:  # type: ignore[no-untyped-def]
    fact = adopt(person("Lê Văn An", birth="1980"), "e_wallet", "activated")
    for deed in (fact.delete, lambda: Adoption.objects.update(state="in_use")):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            deed()
    assert Adoption.objects.update(village_id=fact.village_id) == 1  # negative control: it may follow


def test_the_database_wants_one_subject(person: MakePerson, adopt, village: Unit) -> None:  # type: ignore[no-untyped-def]
    adopt(person("Lê Văn An", birth="1980"), "e_wallet", "activated")
    with pytest.raises(Error, match="one_subject"), transaction.atomic():
        Holding.objects.create(village=village, service="e_wallet", state="activated")


def test_holdings_follow_a_move(
    person: MakePerson, villages: list[Unit], adopt, actor: Actor, at: datetime
) -> None:  # type: ignore[no-untyped-def]
    made = person("Lê Văn An", birth="1980")
    adopt(made, "e_wallet", "activated")
    record_fact(person=made, values={"place": villages[1].pk}, source="officer", by=actor, at=at)
    for model in (Adoption, Holding):
        assert set(model.objects.values_list("village", flat=True)) == {villages[1].pk}


def test_a_doubles_facts_count_for_who_they_are(
    person: MakePerson, adopt, actor: Actor, at: datetime
) -> None:  # type: ignore[no-untyped-def]
    keep, double = person("Lê Văn An", birth="1980"), person("Lê Văn Ân", birth="1980")
    adopt(keep, "e_wallet", "registered", DAY)
    adopt(double, "e_wallet", "activated", DAY + timedelta(days=1))
    merge_people(keep=keep, double=double, by=actor, at=at)
    later = ("e_wallet", "activated", DAY + timedelta(days=1), None)
    assert held(keep) == [("e_wallet", "registered", DAY, DAY + timedelta(days=1)), later]
    assert held(double) == []
    adopt(double, "portal_account", "activated")  # a late sync about the double
    assert {row[0] for row in held(keep)} == {"e_wallet", "portal_account"}
    unmerge_people(double=double, by=actor, at=at)
    assert held(keep) == [("e_wallet", "registered", DAY, None)]
    assert [row[:2] for row in held(double)] == [("e_wallet", "activated"), ("portal_account", "activated")]


def test_a_corrected_birth_changes_who_is_eligible(person: MakePerson, actor: Actor, at: datetime) -> None:
    made = person("Lê Văn Bé", birth="2013")

    def missing() -> set[str]:
        return {each.code for each in missing_services(made, at.date())[made.pk]}

    assert missing() == {"health_book"}
    correct_fact(person=made, values={"birth": "1990"}, source="card", by=actor, at=at)
    made.refresh_from_db()
    assert {"eid_level1", "eid_level2", "payment_account"} <= missing()
    assert "digital_signature" not in missing()  # nobody has said what phone they use


def test_level_two_is_not_missing_level_one(person: MakePerson, adopt, at: datetime) -> None:  # type: ignore[no-untyped-def]
    made = person("Lê Văn An", birth="1980")
    adopt(made, "eid_level2", "activated")
    lines = {each.service.code: each for each in standing_of(made, at.date())}
    assert (lines["eid_level1"].state, lines["eid_level1"].covered_by) == ("", "eid_level2")
    assert not lines["eid_level1"].is_missing
    assert "eid_level1" not in {each.code for each in missing_services([made], at.date())[made.pk]}


def test_organisations_subscriptions_and_households(
    person: MakePerson, village: Unit, actor: Actor, at: datetime
) -> None:
    head = person("Lê Văn An", birth="1980")
    household = make_household(village=village, members={head: "head"}, by=actor, at=at)
    shop = add_organisation(village=village, kind="household_business", name="Quán Hoa", by=actor, at=at)
    line = record_subscription(village=village, number="0912345678", is_smartphone=True, by=actor, at=at)
    heard: list[tuple[str, list[int]]] = []

    def hear(sender: object, kind: str, ids: list[int], **more: object) -> None:
        heard.append((kind, ids))

    subjects_recorded.connect(hear)
    try:
        record_adoptions(
            entries=[
                Adopted("cashless_bills", "in_use", household=household, happened_on=DAY),
                Adopted("merchant_qr", "activated", organisation=shop, happened_on=DAY),
                Adopted("security_software", "activated", subscription=line, happened_on=DAY),
            ],
            source="officer",
            by=actor,
            at=at,
        )
    finally:
        subjects_recorded.disconnect(hear)
    assert sorted(heard) == [
        ("household", [household.pk]),
        ("organisation", [shop.pk]),
        ("subscription", [line.pk]),
    ]
    (life,) = lives_of_subjects("subscription", [line.pk])
    assert life.stays == ((village.pk, "", "smartphone", None, None),)
    assert life.holdings == (("security_software", "activated", DAY, None),)
    assert [each.is_known for each in lives_of_subjects("household", [household.pk])] == [True]


def test_one_signal_a_deed(person: MakePerson, actor: Actor, at: datetime) -> None:
    people = [person("Lê Văn An", birth="1980"), person("Trần Thị Bé", birth="1985")]
    heard: list[list[int]] = []

    def hear(sender: object, person_ids: list[int], **more: object) -> None:
        heard.append(person_ids)

    facts_recorded.connect(hear)
    try:
        entries = [Adopted("e_wallet", "activated", person=each) for each in people * 2]
        record_adoptions(entries=entries, source="list", by=actor, at=at)
    finally:
        facts_recorded.disconnect(hear)
    assert heard == [[each.pk for each in people]]


def test_lives_tell_presence_and_phone_of_any_day(
    person: MakePerson, village: Unit, adopt, actor: Actor, at: datetime
) -> None:  # type: ignore[no-untyped-def]
    made = person("Lê Văn An", birth="1980-05", presence="present", device="basic")
    record_fact(person=made, values={"device": "smartphone"}, source="visit", by=actor, at=at, true_from=DAY)
    adopt(made, "e_wallet", "activated")
    adopt(made, "portal_account", "none")
    (life,) = lives_of([made.pk])
    assert life.birth == (1980, 5, None)
    assert life.stays == (
        (village.pk, "present", "basic", None, DAY),
        (village.pk, "present", "smartphone", DAY, None),
    )
    assert life.holdings == (("e_wallet", "activated", DAY, None),)


def test_lives_of_many_cost_few_queries(person: MakePerson, adopt, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    people = [person(f"Người {number}", birth="1980") for number in range(20)]
    adopt(people[0], "e_wallet", "activated")
    with django_assert_num_queries(3):
        assert len(list(lives_of([each.pk for each in people]))) == 20


def test_a_saying_tells_of_services_in_its_own_deed(
    village: Unit, person: MakePerson, actor: Actor, at: datetime
) -> None:
    known = person("Trần Thị Bé", birth="1985")
    heard: list[object] = []

    def hear(sender: object, **more: object) -> None:
        heard.append(sender)

    facts_recorded.connect(hear)
    said = (
        Adopted("eid_level2", "activated", happened_on=DAY),
        Adopted("e_wallet", "none", reason="no_need"),
    )
    try:
        made, _known = learn(
            sayings=[
                Saying({"name": "Lê Văn An", "place": village.pk, "birth": "1980"}, adoptions=said),
                Saying({}, person=known, adoptions=said[:1]),
            ],
            source="list",
            by=actor,
            at=at,
            deed="people.import_person",
        )
    finally:
        facts_recorded.disconnect(hear)
    assert held(made) == [("e_wallet", "none", at.date(), None), ("eid_level2", "activated", DAY, None)]
    assert held(known) == [("eid_level2", "activated", DAY, None)]
    assert known.facts.count() == 1  # what was said of services is no fact of the person
    assert len(heard) == 1
    assert Event.objects.filter(deed="people.import_person").count() == 2


def test_taking_everything_back_takes_services_back(
    person: MakePerson, adopt, actor: Actor, at: datetime
) -> None:  # type: ignore[no-untyped-def]
    made = person("Lê Văn An", birth="1980")
    adopt(made, "e_wallet", "activated")
    retract_facts(facts=list(made.facts.all()), adoptions=list(made.adoptions.all()), by=actor, at=at)
    assert held(made) == []
    (life,) = lives_of([made.pk])
    assert (life.is_known, life.stays, life.holdings) == (False, (), ())


def test_a_household_without_anybody_is_told(
    person: MakePerson, village: Unit, actor: Actor, at: datetime
) -> None:
    head = person("Lê Văn An")
    household = make_household(village=village, members={head: "head"}, by=actor, at=at)
    heard: list[tuple[str, list[int]]] = []

    def hear(sender: object, kind: str, ids: list[int], **more: object) -> None:
        heard.append((kind, ids))

    subjects_recorded.connect(hear)
    try:
        retract_facts(facts=list(head.facts.all()), by=actor, at=at)
    finally:
        subjects_recorded.disconnect(hear)
    assert heard == [("household", [household.pk])]
    assert [each.is_known for each in lives_of_subjects("household", [household.pk])] == [False]
