"""A dossier taken in as an officer does, for the tests of what is done with it."""

import re
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR
from bakhong.dossiers.models import Dossier
from bakhong.people import scope
from bakhong.places.models import Unit

Enter = Callable[..., Client]
ID = "038190001234"
CARD = f"{ID}|172345678|Lê Thị Hoá|15031990|Nữ|Thôn 1, Xã Thường Xuân|01052021"
MARRIAGE = "1.004873"
UNKNOWN = {
    "ethnicity": "Kinh",
    "nationality": "Việt Nam",
    "for_whom": "self",
    "marital_status": "unmarried",
    "purpose": "work",
}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def stored(model: Any) -> list[Any]:
    with scope.seeing(OPERATOR):
        return list(model.objects.order_by("pk"))


def hidden(page: str, name: str) -> str:
    return re.findall(rf'name="{name}" value="([^"]*)"', page)[-1]


def opened(client: Client, unit: Unit, typed: str = "tthn", scan: str = CARD, **more: str) -> Any:
    """The form, as an officer opens it: scan, then a few letters."""
    here = reverse("desk:intake", args=[unit.uuid])
    shown = text(client.post(here, {"scan": scan}))
    known = {name: hidden(shown, name) for name in ("key", "card", "person")}
    return client.post(here, {**known, "procedure": typed, **more})


def taken_in(client: Client, unit: Unit, **more: Any) -> Dossier:
    address = opened(client, unit)["Location"]
    answer = client.post(address, {**UNKNOWN, "deed": "receive", "result_mode": "desk", **more})
    assert answer.status_code == 302, text(answer)
    found: Dossier = stored(Dossier)[-1]
    return found


def at(name: str, dossier: Dossier, *more: Any) -> str:
    with scope.seeing(OPERATOR):
        return reverse(f"desk:{name}", args=[dossier.village.uuid, dossier.uuid, *more])


def press(client: Client, dossier: Dossier, event: str, **said: Any) -> Any:
    """A button beside the dossier, from a page opened just now."""
    page = text(client.get(at("dossier", dossier)))
    version = hidden(page, "version") if 'name="version"' in page else "0"
    return client.post(at("dossier_deed", dossier, event), {"version": version, **said})


def state_of(dossier: Dossier) -> str:
    with scope.seeing(OPERATOR):
        return str(Dossier.objects.get(pk=dossier.pk).state)
