"""Two provinces, communes and villages whose names are canaries, and one member of staff, signed in, for every role at home and away."""

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from django.test import Client

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.rules.roles import COMMUNE, PROVINCE, ROLES
from bakhong.places.models import Membership, Unit

FIRST_DAY = date(2025, 7, 1)


@dataclass(frozen=True)
class World:
    """`home` and `away`: {"province": …, "commune": …, "village": …}, with nothing in common. `sibling` is a commune beside home's."""

    home: dict[str, Unit]
    away: dict[str, Unit]
    sibling: Unit
    sibling_village: Unit


@dataclass(frozen=True)
class Holder:
    """Somebody with one role; `where` is "home", "sibling" or "away", `session` the key of their cookie."""

    user: User
    role: str
    where: str
    level: str
    session: str

    def __str__(self) -> str:
        return f"{self.role}@{self.where}"

    def covers(self, level: str) -> bool:
        """True when the place where the role is held is home's unit of that level or lies above it."""
        order = [PROVINCE, COMMUNE, "village"]
        return self.where == "home" and order.index(self.level) <= order.index(level)


def make_world() -> World:
    home, away = _branch("home", "NHÀ"), _branch("away", "XA")
    sibling = _unit(COMMUNE, "M-sib", "Xã CANARY BÊN", home[PROVINCE])
    return World(home, away, sibling, _unit("village", "M-sib-1", "Thôn CANARY BÊN", sibling))


def make_holders(world: World) -> list[Holder]:
    holders = []
    for role in ROLES.values():
        level = role.levels[0]
        places = {"home": world.home[level], "away": world.away[level]}
        if level != PROVINCE:
            places["sibling"] = world.sibling if level == COMMUNE else world.sibling_village
        for where, place in places.items():
            user = User.objects.create(
                email=f"{role.code}.{where}@example.com",
                name=f"{role.code} {where}",
                password="scrypt$unknown",
            )
            Assignment.objects.create(user=user, role=role.code, place=place, valid_from=FIRST_DAY)
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
            holders.append(Holder(user, role.code, where, level, _signed_in(user)))
    return holders


def _signed_in(user: User) -> str:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return str(client.session.session_key)


def _branch(code: str, name: str) -> dict[str, Unit]:
    province = _unit(PROVINCE, f"M-{code}", f"Tỉnh CANARY {name}", None)
    commune = _unit(COMMUNE, f"M-{code}-c", f"Xã CANARY {name}", province)
    return {
        PROVINCE: province,
        COMMUNE: commune,
        "village": _unit("village", f"M-{code}-v", f"Thôn CANARY {name}", commune),
    }


def _unit(level: str, code: str, name: str, parent: Unit | None) -> Unit:
    kind = {PROVINCE: "tinh", COMMUNE: "xa", "village": "thon"}[level]
    unit = Unit.objects.create(
        code=code,
        level=level,
        kind=kind,
        name=name,
        full_name=name,
        name_key=name.lower(),
        sort_key=name.lower(),
        valid_from=FIRST_DAY,
    )
    if parent is not None:
        Membership.objects.create(child=unit, parent=parent, valid_from=FIRST_DAY)
    return unit
