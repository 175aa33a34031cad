"""A resident at a browser who files at a commune: steps that several tests take."""

import re
from typing import Any
from uuid import UUID

from django.test import Client

CODE = "local.nha-van-hoa"
NUMBER = "038190001234"
CARD = "038190001234|172345678|Lê Thị Hoá|15031990|Nữ|Thôn Xuân Thành, Thường Xuân, Thanh Hóa|01052021"
WHO = {"full_name": "Lê Thị Hoá", "address": "Thôn Xuân Thành", "phone": "0912345678"}
WHAT = {"kind": "wedding", "day": "20/12/2099", "part": "morning", "people": "under_50"}


def begin(client: Client, code: str = CODE, **posted: str) -> UUID:
    """Press the button on the procedure's page; the draft's uuid."""
    page = client.get(f"/thu-tuc/{code}/").content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    assert key
    started = client.post(f"/nop/{code}/", {"form_key": key[1], "ai": "resident", **posted})
    assert started.status_code == 302, started.content.decode()
    found = re.search(r"/nop/ho-so/([0-9a-f-]{36})/", started["Location"])
    assert found
    return UUID(found[1])


def at(draft: UUID, step: str) -> str:
    return f"/nop/ho-so/{draft}/{step}/"


def fill(client: Client, draft: UUID, number: str = NUMBER) -> None:
    """Every screen up to the review."""
    assert send(client, draft, "buoc/ma", {"the": number}) == 302
    assert send(client, draft, "nguoi", {**WHO, "national_id": number}) == 302
    assert send(client, draft, "viec", WHAT) == 302
    assert send(client, draft, "buoc/ket-qua", {"cach": "electronic"}) == 302


def send(client: Client, draft: UUID, step: str, posted: dict[str, Any]) -> int:
    return client.post(at(draft, step), posted).status_code


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content.decode()[:2000]
    return str(response.content.decode())
