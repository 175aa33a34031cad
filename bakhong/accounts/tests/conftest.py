"""A small province to work in: two communes, two villages, and staff made on demand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from bakhong.accounts.models import Assignment, User
from bakhong.places.models import Membership, Unit

PASSPHRASE = "con trâu đi cày ruộng"


@dataclass(frozen=True)
class World:
    province: Unit
    own: Unit
    sibling: Unit
    village: Unit
    elsewhere: Unit
    elsewhere_commune: Unit


def make_unit(level: str, code: str, name: str, parent: Unit | None = None, **more: Any) -> Unit:
    unit = Unit.objects.create(
        code=code,
        level=level,
        kind=more.pop("kind", "xa"),
        name=name,
        full_name=name,
        name_key=name.lower(),
        sort_key=name.lower(),
        valid_from=more.pop("valid_from", date(2025, 7, 1)),
        valid_to=more.pop("valid_to", None),
    )
    if parent is not None:
        Membership.objects.create(
            child=unit, parent=parent, valid_from=unit.valid_from, valid_to=unit.valid_to
        )
    return unit


@pytest.fixture
def world(db: None) -> World:
    province = make_unit("province", "T1", "Tỉnh Một", kind="tinh")
    own = make_unit("commune", "X1", "Xã Một", province)
    elsewhere = make_unit("province", "T2", "Tỉnh Hai", kind="tinh")
    return World(
        province=province,
        own=own,
        sibling=make_unit("commune", "X2", "Xã Hai", province),
        village=make_unit("village", "X1-1", "Thôn Đông", own, kind="thon"),
        elsewhere=elsewhere,
        elsewhere_commune=make_unit("commune", "X3", "Xã Ba", elsewhere),
    )


MakeStaff = Callable[..., User]


@pytest.fixture
def staff(db: None) -> MakeStaff:
    """`staff("chair", unit)`: a user who holds the role there, without a second factor unless `factor=True`."""

    def make(role: str, unit: Unit, *, email: str = "", factor: bool = False, **more: Any) -> User:
        user = User.objects.create_user(
            email or f"{role}.{unit.code}@example.com", PASSPHRASE, name=f"Nguyễn Thị {role}"
        )
        Assignment.objects.create(
            user=user,
            role=role,
            place=unit,
            valid_from=more.get("valid_from", date(2025, 7, 1)),
            valid_to=more.get("valid_to"),
        )
        if factor:
            enrol(user)
        return user

    return make


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def enrol(user: User) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(user, SECRET)


def code_at(seconds: float) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(SECRET, int(seconds) // 30))


@pytest.fixture
def signed_in(client: Client) -> Callable[[User], Client]:
    def enter(user: User) -> Client:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return enter
