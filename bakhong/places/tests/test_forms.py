"""Each form gives the keyword arguments of its action."""

from datetime import date, datetime

from bakhong.core.actor import Actor
from bakhong.places import actions, forms
from bakhong.places.models import Unit

AFTER = date(2025, 7, 1)


def test_what_is_typed_is_what_the_action_takes(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    vin, one = (
        actions.create_village(commune=thuong_xuan, kind=kind, name=name, valid_from=AFTER, by=actor, at=at)
        for kind, name in (("ban", "Vịn"), ("thon", "1"))
    )

    merge = forms.MergeVillagesForm(
        {"kind": "ban", "name": " Mới ", "on": "01/03/2026", "villages": [str(vin.uuid), str(one.uuid)]},
        villages=[vin, one],
    )
    assert merge.is_valid()
    assert actions.merge_villages(by=actor, at=at, **merge.cleaned_data).full_name == "Bản Mới"

    contact = forms.ContactForm({"phone": "0237 3873 111"})
    assert contact.is_valid()
    actions.set_contact(unit=thuong_xuan, by=actor, at=at, **contact.cleaned_data)


def test_a_village_that_was_not_offered_is_not_merged(thuong_xuan: Unit, thanh_hoa: Unit) -> None:
    data = {"kind": "ban", "name": "Mới", "on": "01/03/2026"}
    for chosen in ([], [str(thanh_hoa.uuid)], [str(thuong_xuan.uuid)]):
        form = forms.MergeVillagesForm({**data, "villages": chosen}, villages=[thuong_xuan])
        assert not form.is_valid()
        assert list(form.errors) == ["villages"]
