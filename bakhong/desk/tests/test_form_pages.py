"""An author of forms looks at one, takes it home, mends it, is told what it would break, and publishes it."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bakhong.accounts.residents import HolderActor
from bakhong.eforms.actions import start_draft
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.eforms.models import Form, FormVersion
from bakhong.eforms.queries import current_version
from bakhong.people import scope
from bakhong.places.models import Unit

Enter = Callable[[str, Unit], Client]


@pytest.fixture
def shipped(db: None, at: datetime) -> FormVersion:
    publish_shipped(at)
    return current_version("marriage_status")


def address(name: str, unit: Unit, **more: Any) -> str:
    return reverse(f"desk:{name}", kwargs={"unit": unit.uuid, **more})


def test_the_list_and_every_shipped_form_can_be_looked_at(
    enter: Enter, thuong_xuan: Unit, shipped: FormVersion
) -> None:
    author = enter("dx_secretary", thuong_xuan)
    shown = author.get(address("forms", thuong_xuan)).content.decode()
    assert "theo chương trình" in shown
    for version in FormVersion.objects.all():
        for name, query in (
            ("form_version", ""),
            ("form_preview", ""),
            ("form_preview", "?as=officer"),
            ("form_preview", "?page=none"),
        ):
            response = author.get(address(name, thuong_xuan, version=version.uuid) + query)
            assert response.status_code == 200
        schema = json.loads(author.get(address("form_schema", thuong_xuan, version=version.uuid)).content)
        assert schema["properties"]


def test_it_is_taken_home_mended_and_published(
    enter: Enter, thuong_xuan: Unit, shipped: FormVersion, at: datetime
) -> None:
    author = enter("dx_secretary", thuong_xuan)
    spec = json.loads(author.get(address("form_spec", thuong_xuan, version=shipped.uuid)).content)
    spec["title"]["vi"] = "Tờ khai của xã"
    text = json.dumps(spec)
    sent = {"file": SimpleUploadedFile("a.json", text.encode()), "deed": "check"}
    checked = author.post(address("form_new", thuong_xuan), sent)
    assert "Biểu mẫu đọc được" in checked.content.decode()
    assert not Form.objects.exclude(unit=None).exists()  # looked at only
    response = author.post(address("form_new", thuong_xuan), {"text": text, "deed": "publish"})
    assert response.status_code == 302
    assert current_version("marriage_status", thuong_xuan).spec["title"]["vi"] == "Tờ khai của xã"
    author.post(address("form_new", thuong_xuan), {"text": text, "deed": "publish"})  # sent twice
    assert FormVersion.objects.exclude(form__unit=None).count() == 1
    # What the next one would break is told before it is published.
    key = uuid4()
    with scope.holding(keys=[key]):
        start_draft(
            key=key,
            form="marriage_status",
            unit=thuong_xuan,
            operated_by="resident",
            by=HolderActor("draft", key),
            at=at,
        )
    spec["pages"][0]["questions"].append(
        {"code": "moi", "label": "Câu mới", "type": "text", "required": True}
    )
    told = author.post(
        address("form_new", thuong_xuan), {"text": json.dumps(spec), "deed": "check"}
    ).content.decode()
    assert "1 tờ khai đang làm không hợp" in told
    assert "thêm câu bắt buộc “Câu mới”" in told


@pytest.mark.parametrize("text", ["{", "[" * 5000, "\x00", '{"code": "x"}', "nội dung"])
def test_rubbish_comes_back_with_what_is_wrong(enter: Enter, thuong_xuan: Unit, text: str) -> None:
    response = enter("dx_secretary", thuong_xuan).post(address("form_new", thuong_xuan), {"text": text})
    assert response.status_code == 422
    assert "<li>" in response.content.decode()


def test_others_may_not(enter: Enter, thuong_xuan: Unit, shipped: FormVersion) -> None:
    clerk = enter("accountant", thuong_xuan)
    assert clerk.get(address("forms", thuong_xuan)).status_code == 403
    assert clerk.post(address("form_new", thuong_xuan), {"text": "{}"}).status_code == 403


@pytest.mark.parametrize(
    ("form", "code", "procedure"),
    [
        ("certified_copies", "document_pages", "Chứng thực"),  # the fee
        ("marriage_status", "marital_status", "tình trạng hôn nhân"),  # a paper, and a fact
        ("culture_house", "people", "nhà văn hoá"),  # printed on the result
        ("marriage_status", "full_name", "tình trạng hôn nhân"),  # who asks
    ],
)
def test_a_text_that_breaks_its_procedure_is_not_published(
    enter: Enter, shipped_forms: None, thuong_xuan: Unit, form: str, code: str, procedure: str
) -> None:
    author, here = enter("dx_secretary", thuong_xuan), address("form_new", thuong_xuan)
    spec = FormVersion.objects.get(form__code=form, is_current=True).spec
    author_sends = {"deed": "publish", "text": json.dumps(_renamed(spec, code))}
    refused = author.post(here, author_sends)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "thiếu câu mà thủ tục cần" in page
    assert f"({code})" in page or "(person.full_name)" in page
    assert procedure.lower() in page.lower()
    assert FormVersion.objects.filter(form__code=form).count() == 1
    spec["title"]["vi"] += " (xã)"
    assert (
        author.post(here, {"deed": "publish", "text": json.dumps(spec)}).status_code == 302
    )  # negative control
    assert FormVersion.objects.filter(form__code=form).count() == 2


def _renamed(spec: Any, code: str) -> Any:
    """The question under another code, known as nothing."""
    if isinstance(spec, list):
        return [_renamed(each, code) for each in spec]
    if not isinstance(spec, dict):
        return spec
    found = {name: _renamed(value, code) for name, value in spec.items()}
    if found.get("code") == code and "type" in found:
        found |= {"code": f"{code}_x", "known_as": "", "is_locked": False}
    if found.get("var") == code:
        found["var"] = f"{code}_x"
    return found
