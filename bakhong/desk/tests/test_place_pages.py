"""The pages about a unit as a place: villages, origins, telephone number, groups."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.places.actions import create_villages
from bakhong.places.models import Contact, Unit, UnitGroup
from bakhong.places.queries import children

Enter = Callable[..., Client]
TODAY = date(2026, 11, 22)


def address(name: str, unit: Unit, *more: Any) -> str:
    return reverse(f"desk:{name}", args=[unit.uuid, *more])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def names(commune: Unit) -> list[str]:
    return [unit.full_name for unit in children(commune, TODAY)]


@pytest.fixture
def villages(thuong_xuan: Unit, actor: Actor, at: datetime) -> list[Unit]:
    return create_villages(
        commune=thuong_xuan,
        villages=[("thon", "Xuân Thành"), ("thon", "Xuân Lợi"), ("ban", "Vịn")],
        valid_from=date(2025, 7, 1),
        by=actor,
        at=at,
    )


def test_it_says_where_a_commune_came_from(enter: Enter, thuong_xuan: Unit) -> None:
    page = text(enter("dx_secretary", thuong_xuan).get(address("places", thuong_xuan)))
    assert "Có từ ngày 01/07/2025" in page
    assert "Xã Ngọc Phụng (15655), toàn bộ, từ ngày 01/07/2025" in page
    assert "chưa xác minh" in page
    assert "dán tên các thôn" in page


def test_a_province_lists_its_communes(enter: Enter, thanh_hoa: Unit, thuong_xuan: Unit) -> None:
    page = text(enter("province_viewer", thanh_hoa).get(address("places", thanh_hoa)))
    assert "Đơn vị trực thuộc (166)" in page
    assert address("places", thuong_xuan) in page


def test_the_secretary_pastes_the_villages_once(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("dx_secretary", thuong_xuan)
    here = address("place_villages_new", thuong_xuan)
    posted = {"kind": "thon", "names": " Xuân  Thành\n\nThôn Xuân Lợi\r\n", "valid_from": "01/07/2025"}
    assert client.post(here, posted).status_code == 302
    assert names(thuong_xuan) == ["Thôn Xuân Lợi", "Thôn Xuân Thành"]
    again = client.post(here, posted)
    assert again.status_code == 422
    assert "đã có thôn Xuân Thành" in text(again)
    assert len(names(thuong_xuan)) == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"names": "\n \n"}, "Tên, mỗi dòng một tên"),
        ({"names": "\n".join(map(str, range(61)))}, "nhiều nhất 60"),
        ({"valid_from": "01/01/2020"}, "chỉ có từ ngày 01/07/2025"),
        ({"kind": "xa"}, "Loại"),
        ({"names": "a\x00b"}, "Tên, mỗi dòng một tên"),
    ],
)
def test_bad_villages_are_told_plainly(
    enter: Enter, thuong_xuan: Unit, changes: dict[str, Any], said: str
) -> None:
    posted = {"kind": "thon", "names": "Đông", "valid_from": "01/07/2025", **changes}
    answer = enter("dx_secretary", thuong_xuan).post(address("place_villages_new", thuong_xuan), posted)
    assert answer.status_code == 422
    assert said in text(answer)
    assert names(thuong_xuan) == []


def test_merging_is_looked_at_then_done_then_taken_back(
    enter: Enter, thuong_xuan: Unit, villages: list[Unit]
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    here = address("place_villages_merge", thuong_xuan)
    posted = {
        "villages": [str(villages[0].uuid), str(villages[1].uuid)],
        "kind": "thon",
        "name": "Xuân Mới",
        "on": "01/10/2026",
        "source": "NQ 12",
    }
    preview = client.post(here, {**posted, "step": "preview"})
    assert preview.status_code == 200
    assert "Thôn Xuân Mới" in text(preview)
    assert len(names(thuong_xuan)) == 3
    assert client.post(here, {**posted, "step": "merge"}).status_code == 302
    assert names(thuong_xuan) == ["Bản Vịn", "Thôn Xuân Mới"]
    page = text(client.get(address("places", thuong_xuan)))
    assert page.count(">Hoàn tác việc nhập<") == 1
    merged = next(unit for unit in children(thuong_xuan, TODAY) if unit.name == "Xuân Mới")
    undo = address("place_village_undo", thuong_xuan, merged.uuid)
    assert client.get(undo).status_code == 302
    assert len(names(thuong_xuan)) == 2
    assert client.post(undo).status_code == 302
    assert sorted(names(thuong_xuan)) == ["Bản Vịn", "Thôn Xuân Lợi", "Thôn Xuân Thành"]
    assert client.post(undo).status_code == 404


def test_one_village_cannot_be_merged(enter: Enter, thuong_xuan: Unit, villages: list[Unit]) -> None:
    posted = {
        "villages": [str(villages[0].uuid)],
        "kind": "thon",
        "name": "X",
        "on": "01/10/2026",
        "step": "merge",
    }
    answer = enter("dx_secretary", thuong_xuan).post(address("place_villages_merge", thuong_xuan), posted)
    assert answer.status_code == 422
    assert "ít nhất hai thôn" in text(answer)


def test_a_village_gets_its_right_name(enter: Enter, thuong_xuan: Unit, villages: list[Unit]) -> None:
    client = enter("dx_secretary", thuong_xuan)
    here = address("place_village_rename", thuong_xuan, villages[2].uuid)
    assert 'value="Vịn"' in text(client.get(here))
    assert client.post(here, {"kind": "ban", "name": "Vịn Thượng"}).status_code == 302
    assert "Bản Vịn Thượng" in names(thuong_xuan)
    assert client.post(here, {"kind": "thon", "name": "Xuân Lợi"}).status_code == 422


def test_the_telephone_number_reaches_the_frame(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("dx_secretary", thuong_xuan)
    here = address("place_contact", thuong_xuan)
    bad = client.post(here, {"phone": "gọi tôi"})
    assert bad.status_code == 422
    assert "chỉ gồm chữ số" in text(bad)
    assert client.post(here, {"phone": "0237 3852 246", "contact_name": "Bộ phận một cửa"}).status_code == 302
    assert Contact.objects.get(unit=thuong_xuan).contact_name == "Bộ phận một cửa"
    assert 'value="0237 3852 246"' in text(client.get(here))


def test_the_province_puts_many_in_groups_at_once(
    enter: Enter, thanh_hoa: Unit, thuong_xuan: Unit, other_commune: Unit
) -> None:
    client = enter("province_admin", thanh_hoa)
    here = address("place_groups", thanh_hoa)
    standing = {f"group-{row.unit.uuid}": row.group for row in UnitGroup.objects.select_related("unit")}
    posted = {
        **standing,
        f"group-{thuong_xuan.uuid}": "lowland",
        "valid_from": "01/01/2026",
        "source": "QĐ 1/2026",
    }
    assert client.get(here).status_code == 200
    assert client.post(here, posted).status_code == 302
    assert client.post(here, posted).status_code == 302
    assert Event.objects.filter(deed="places.set_group").count() == 1
    row = UnitGroup.objects.filter(unit=thuong_xuan).latest("valid_from")
    assert (row.group, row.source, row.is_verified) == ("lowland", "QĐ 1/2026", True)
    without = client.post(here, {**posted, f"group-{thuong_xuan.uuid}": "coastal", "source": ""})
    assert without.status_code == 422
    assert Event.objects.filter(deed="places.set_group").count() == 1


def test_of_many_groups_all_change_or_none(
    enter: Enter, thanh_hoa: Unit, thuong_xuan: Unit, other_commune: Unit
) -> None:
    posted = {
        f"group-{other_commune.uuid}": "coastal",
        f"group-{thuong_xuan.uuid}": "lowland",
        "valid_from": "01/01/2020",  # before either commune
        "source": "QĐ 1",
    }
    before = list(UnitGroup.objects.order_by("pk").values_list("unit", "group"))
    answer = enter("province_admin", thanh_hoa).post(address("place_groups", thanh_hoa), posted)
    assert answer.status_code == 422
    assert list(UnitGroup.objects.order_by("pk").values_list("unit", "group")) == before


def test_others_are_told_nothing_or_no(
    enter: Enter, thanh_hoa: Unit, thuong_xuan: Unit, other_commune: Unit, villages: list[Unit]
) -> None:
    neighbour, colleague = enter("dx_secretary", other_commune), enter("accountant", thuong_xuan)
    pages = ["places", "place_villages_new", "place_villages_merge", "place_contact"]
    for name in pages:
        assert neighbour.get(address(name, thuong_xuan)).status_code == 404
        assert colleague.get(address(name, thuong_xuan)).status_code == (200 if name == "places" else 403)
    # Another commune's village under one's own address.
    rename = address("place_village_rename", other_commune, villages[0].uuid)
    assert neighbour.post(rename, {"kind": "thon", "name": "Của tôi"}).status_code == 404
    posted = {
        "villages": [str(each.uuid) for each in villages[:2]],
        "kind": "thon",
        "name": "X",
        "on": "01/10/2026",
        "step": "merge",
    }
    assert neighbour.post(address("place_villages_merge", other_commune), posted).status_code == 422
    assert enter("dx_secretary", thuong_xuan).get(address("place_groups", thanh_hoa)).status_code == 404
    assert len(names(thuong_xuan)) == 3
