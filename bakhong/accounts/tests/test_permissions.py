from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest

from bakhong.accounts.permissions import StaffActor, covered_ids, covering_ids
from bakhong.accounts.queries import places_where, visible_units
from bakhong.accounts.rules.roles import PERMISSIONS, ROLES, is_known
from bakhong.accounts.tests.conftest import MakeStaff, World, make_unit
from bakhong.places.models import Membership, Succession
from bakhong.places.queries import ancestor_ids
from bakhong.places.remembering import reading_the_map_once

TODAY = date(2026, 11, 22)
Queries = Callable[[int], AbstractContextManager[object]]


def test_it_knows_the_seventeen_roles() -> None:
    assert len(ROLES) == 17
    assert {role.code for role in ROLES.values() if role.needs_second_factor} == {
        "chair",
        "deputy_chair",
        "province_admin",
        "system_admin",
    }
    for role in ROLES.values():
        assert role.permissions <= PERMISSIONS
        assert role.grants <= set(ROLES)
        assert all(is_known(permission) for permission in role.all_permissions())


def test_it_covers_what_lies_below_and_nothing_beside(world: World, staff: MakeStaff) -> None:
    chair = StaffActor(staff("chair", world.own), TODAY)
    assert chair.may("periods.approve", world.own.pk)
    assert chair.may("figures.view", world.village.pk)
    assert not chair.may("figures.view", world.sibling.pk)
    assert not chair.may("figures.view", world.province.pk)
    assert not chair.may("figures.view", world.elsewhere_commune.pk)
    assert chair.may("figures.view")
    assert not chair.may("periods.decide")


def test_it_holds_only_during_the_period(world: World, staff: MakeStaff) -> None:
    user = staff("chair", world.own, valid_from=date(2026, 1, 1), valid_to=date(2026, 11, 22))
    assert not StaffActor(user, date(2025, 12, 31)).may("figures.view", world.own.pk)
    assert StaffActor(user, date(2026, 11, 21)).may("figures.view", world.own.pk)
    assert not StaffActor(user, TODAY).may("figures.view", world.own.pk)


def test_it_gives_a_disabled_user_nothing(world: World, staff: MakeStaff) -> None:
    user = staff("chair", world.own)
    user.is_active = False
    assert not StaffActor(user, TODAY).may("figures.view", world.own.pk)


def test_it_follows_the_map_of_the_day(world: World, staff: MakeStaff) -> None:
    """The village moves to the sibling on 2026-01-01: from then on it is the sibling's."""
    Membership.objects.filter(child=world.village).update(valid_to=date(2026, 1, 1))
    Membership.objects.create(child=world.village, parent=world.sibling, valid_from=date(2026, 1, 1))
    own, sibling = staff("chair", world.own), staff("chair", world.sibling)
    assert StaffActor(own, date(2025, 12, 31)).may("figures.view", world.village.pk)
    assert not StaffActor(own, TODAY).may("figures.view", world.village.pk)
    assert StaffActor(sibling, TODAY).may("figures.view", world.village.pk)


def test_it_covers_the_communes_one_was_made_from(world: World, staff: MakeStaff) -> None:
    old_province = make_unit("province", "T1", "Tỉnh Một", valid_from=None, valid_to=date(2025, 7, 1))
    district = make_unit(
        "district", "H1", "Huyện Cũ", old_province, valid_from=None, valid_to=date(2025, 7, 1)
    )
    old = make_unit("commune", "X9", "Xã Cũ", district, valid_from=None, valid_to=date(2025, 7, 1))
    other = make_unit("commune", "X8", "Xã Khác", district, valid_from=None, valid_to=date(2025, 7, 1))
    for before, after in ((old, world.own), (other, world.sibling), (old_province, world.province)):
        Succession.objects.create(
            predecessor=before, successor=after, on=date(2025, 7, 1), extent="whole", source="test"
        )
    chair = StaffActor(staff("chair", world.own), TODAY)
    assert chair.may("figures.view", old.pk)
    assert not chair.may("figures.view", other.pk)
    assert not chair.may("figures.view", district.pk)
    admin = StaffActor(staff("province_admin", world.province), TODAY)
    assert all(admin.may("figures.view", unit.pk) for unit in (old, other, district))
    assert covered_ids([world.own.pk], TODAY) == {world.own.pk, world.village.pk, old.pk}


def test_both_directions_agree(world: World) -> None:
    units = [
        world.province,
        world.own,
        world.sibling,
        world.village,
        world.elsewhere,
        world.elsewhere_commune,
    ]
    for above in units:
        below = covered_ids([above.pk], TODAY)
        assert below == {unit.pk for unit in units if above.pk in covering_ids(unit.pk, TODAY)}


def test_it_lists_what_a_user_sees(world: World, staff: MakeStaff) -> None:
    chair = staff("chair", world.own)
    assert set(visible_units(chair, TODAY)) == {world.own, world.village}
    assert set(visible_units(chair, TODAY, "periods.decide")) == set()
    assert list(places_where(chair, "figures.view", TODAY)) == [world.own]


def test_a_misspelt_permission_is_a_mistake_of_the_programmer(world: World, staff: MakeStaff) -> None:
    with pytest.raises(AssertionError):
        StaffActor(staff("chair", world.own), TODAY).may("figure.view", world.own.pk)


def test_a_reading_request_asks_the_map_once(world: World, django_assert_num_queries: Queries) -> None:
    with django_assert_num_queries(2):  # without it, each question is a query
        covered_ids([world.own.pk], TODAY)
        covered_ids([world.own.pk], TODAY)
    with django_assert_num_queries(2), reading_the_map_once():
        below = covered_ids([world.own.pk], TODAY)
        assert covered_ids([world.own.pk], TODAY) == below
        assert covered_ids([world.sibling.pk], TODAY) != below  # another question is asked
    with django_assert_num_queries(1):  # and nothing is left for the next request
        covered_ids([world.own.pk], TODAY)


@pytest.mark.parametrize("how", ["update", "bulk_create", "save", "delete", "delete_one"])
def test_a_request_that_changes_the_map_reads_it_again(
    world: World, how: str, django_assert_num_queries: Queries
) -> None:
    """In whichever way it changes it. The test above is the negative control: without a change nothing is asked again."""
    row = Membership(child=world.village, parent=world.sibling, valid_from=TODAY)
    rows = Membership.objects.filter(child=world.village)
    rows.update(valid_to=TODAY)
    change: dict[str, Callable[[], object]] = {
        "update": lambda: rows.update(valid_to=None),
        "bulk_create": lambda: Membership.objects.bulk_create([row]),
        "save": row.save,
        "delete": rows.delete,
        "delete_one": rows[0].delete,
    }
    with reading_the_map_once():
        covering_ids(world.village.pk, TODAY)
        change[how]()
        with django_assert_num_queries(2):
            covering_ids(world.village.pk, TODAY)
            ancestor_ids(world.village.pk, TODAY)
