"""The demo's sign-ins: random passphrases and second-factor keys, made once per data folder and kept in its secrets.

python -m bakhong.demo.accounts EMAIL     the six-digit code of the moment, for those without an authenticator app
python -m bakhong.demo.accounts PHONE     a new sign-in card, as a link, for those who sign in by telephone number and PIN
python -m bakhong.demo.accounts ho-so     what a resident would have on paper: a return code with its card number, a dossier's tracking code
"""

import importlib
import json
import os
import secrets
import sys
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bakhong.core.actor import Actor

if TYPE_CHECKING:  # the sign-ins are printed before Django is set up
    from bakhong.accounts.models import User
    from bakhong.accounts.permissions import StaffActor
    from bakhong.places.models import Unit


@dataclass(frozen=True)
class SignIn:
    """A person of the demo. `totp` is the key of the second factor, "" where the role needs none."""

    role: str
    unit: str
    name: str
    email: str
    passphrase: str
    totp: str


PEOPLE = (
    ("province_admin", "38", "Quản trị tỉnh (mẫu)", "tinh@bakhong.example"),
    ("province_viewer", "38", "Người xem cấp tỉnh (mẫu)", "xem@bakhong.example"),
    ("chair", "15646", "Chủ tịch xã (mẫu)", "chutich@bakhong.example"),
    ("dx_secretary", "15646", "Thư ký chuyển đổi số (mẫu)", "thuky@bakhong.example"),
    ("one_stop_officer", "15646", "Cán bộ một cửa (mẫu)", "motcua@bakhong.example"),
    ("specialist", "15646", "Công chức chuyên môn (mẫu)", "congchuc@bakhong.example"),
    ("commune_police", "15646", "Công an xã (mẫu)", "congan@bakhong.example"),
    ("mass_organisation", "15646", "Hội Phụ nữ xã (mẫu)", "phunu@bakhong.example"),
    ("supervising_leader", "15646", "Lãnh đạo phụ trách (mẫu)", "phutrach@bakhong.example"),
    ("accountant", "15646", "Kế toán xã (mẫu)", "ketoan@bakhong.example"),
    ("system_admin", "38", "Quản trị hệ thống (mẫu)", "hethong@bakhong.example"),
    ("biller_accountant", "15646", "Kế toán chợ (mẫu)", "ketoancho@bakhong.example"),
    ("biller_accountant", "15646", "Kế toán hợp tác xã môi trường (mẫu)", "ketoanmoitruong@bakhong.example"),
    ("deputy_chair", "15646", "Phó Chủ tịch xã (mẫu)", "phochutich@bakhong.example"),
    ("certifier", "15646", "Người ký chứng thực (mẫu)", "chungthuc@bakhong.example"),
)
# Of the farthest village, without e-mail: (role, name, telephone number that nobody has).
BY_PHONE = (
    ("village_head", "Trưởng thôn Mẫu 7 (mẫu)", "0518000060"),
    ("digital_team_member", "Thành viên tổ thôn Mẫu 7 (mẫu)", "0518000061"),
)
# Who collects cash for billers of the commune, without e-mail too.
COLLECTORS = (
    ("collector", "Người thu phí chợ (mẫu)", "0518000062"),
    ("collector", "Người thu phí vệ sinh (mẫu)", "0518000063"),
)
EARLIER = timedelta(days=130)  # how long those who handle money have had their roles


def sign_ins() -> list[tuple[str, str, str, str]]:
    """(role in words, e-mail, passphrase, second-factor key) of every person, for printing."""
    from bakhong.accounts.rules.roles import ROLES

    rows = [
        (ROLES[one.role].vi, one.email, one.passphrase, one.totp or "không cần") for one in read_or_make()
    ]
    by_card = "thẻ: python -m bakhong.demo.accounts SỐ"
    return rows + [
        (ROLES[role].vi, phone, by_card, "không cần") for role, _name, phone in (*BY_PHONE, *COLLECTORS)
    ]


def read_or_make() -> list[SignIn]:
    """The sign-ins of this data folder, made at the first call; people the demo did not have then are added."""
    from django.conf import settings

    path = Path(settings.DATA) / "secrets" / "demo.json"
    known = [SignIn(**row) for row in json.loads(path.read_text())] if path.exists() else []
    there = {one.email for one in known}
    new = [one for one in _make() if one.email not in there]
    if new:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump([asdict(one) for one in [*known, *new]], file)
        made.replace(path)
    return [*known, *new]


def _make() -> list[SignIn]:
    from allauth.mfa.totp.internal.auth import generate_totp_secret

    from bakhong.accounts.rules.roles import ROLES

    return [
        SignIn(
            role,
            unit,
            name,
            email,
            secrets.token_urlsafe(12),
            generate_totp_secret() if ROLES[role].needs_second_factor else "",
        )
        for role, unit, name, email in PEOPLE
    ]


def make_people(*, by: Actor, at: datetime) -> int:
    """Invite everybody and accept for them, as people would; who is there already is left alone. Returns how many are new."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP

    from bakhong.accounts.actions import accept_invitation, invite
    from bakhong.accounts.models import User
    from bakhong.core.days import day_of
    from bakhong.places.queries import unit_on

    made = 0
    for one in read_or_make():
        unit = unit_on(one.unit, day_of(at))
        if unit is None or User.objects.filter(email=one.email).exists():
            continue
        since = at - EARLIER if one.role == "biller_accountant" else at
        invited = invite(email=one.email, role=one.role, unit=unit, by=by, at=since)
        assert invited.token is not None
        user = accept_invitation(token=invited.token, name=one.name, passphrase=one.passphrase, at=since)
        if one.totp and not Authenticator.objects.filter(user=user).exists():
            TOTP.activate(user, one.totp)
        made += 1
    return made


def staff_of(role: str, at: datetime) -> "StaffActor | None":
    """The first of `PEOPLE` with this role; None where the demo's people were not made."""
    from bakhong.accounts.models import User
    from bakhong.accounts.permissions import StaffActor
    from bakhong.core.days import day_of

    user = User.objects.filter(email=next(email for code, *_, email in PEOPLE if code == role)).first()
    return StaffActor(user, day_of(at)) if user else None


def make_members(*, village: "Unit", by: Actor, at: datetime) -> "list[User]":
    """Those who sign in by telephone, at their village; the cards made with them are not kept (see `new_card`)."""
    from bakhong.accounts.actions import enrol_by_phone
    from bakhong.accounts.models import User

    for role, name, phone in BY_PHONE:
        if not User.objects.filter(phone=phone).exists():
            enrol_by_phone(name=name, phone=phone, role=role, unit=village, by=by, at=at)
    found = {user.phone: user for user in User.objects.filter(phone__in=[phone for *_who, phone in BY_PHONE])}
    return [found[phone] for *_who, phone in BY_PHONE]


def make_collectors(*, commune: "Unit", by: Actor, at: datetime) -> "list[User]":
    """Those who collect cash, in the order of `COLLECTORS`; their cards are not kept either."""
    from bakhong.accounts.actions import enrol_by_phone
    from bakhong.accounts.models import User

    for role, name, phone in COLLECTORS:
        if not User.objects.filter(phone=phone).exists():
            enrol_by_phone(name=name, phone=phone, role=role, unit=commune, by=by, at=at - EARLIER)
    found = {
        user.phone: user for user in User.objects.filter(phone__in=[phone for *_who, phone in COLLECTORS])
    }
    return [found[phone] for *_who, phone in COLLECTORS]


def new_card(phone: str, *, by: Actor, at: datetime) -> str | None:
    """The address a card's QR code holds, once to be opened; None for who is not in the demo. Earlier cards and PINs stop working."""
    from django.conf import settings

    from bakhong.accounts.actions import issue_cards
    from bakhong.accounts.models import User
    from bakhong.accounts.pins import card_path

    user = User.objects.filter(phone=phone).first()
    if user is None or phone not in {number for *_who, number in (*BY_PHONE, *COLLECTORS)}:
        return None
    return f"{settings.ORIGIN}{card_path(issue_cards(users=[user], by=by, at=at)[0].code)}"


def code_of(email: str) -> str | None:
    """The six digits of this moment; None for who is not in the demo or needs none."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    key = next((one.totp for one in read_or_make() if one.email == email.strip().lower()), "")
    return format_hotp_value(hotp_value(key, next(iter(yield_hotp_counters_from_time())))) if key else None


def _card_for(phone: str) -> str | None:
    """Opens the database of the data folder, whether the site runs or not."""
    from django.utils import timezone

    from bakhong.core.actor import OPERATOR

    # Known by name: the command line is a shell beside this one.
    with importlib.import_module("bakhong.cli.database").database():
        return new_card(phone, by=OPERATOR, at=timezone.now())


def _papers() -> str | None:
    from bakhong.core.actor import OPERATOR

    with importlib.import_module("bakhong.cli.database").database():
        from bakhong.people import scope

        with scope.seeing(OPERATOR):
            found = importlib.import_module("bakhong.demo.desk").codes()
    if found is None:
        return None
    return (
        f"Làm tiếp tờ khai (/tiep-tuc/): mã {found.draft}, số thẻ {found.card}\n"
        f"Tra cứu hồ sơ {found.dossier} (/tra-cuu/): mã {found.tracking}"
    )


def main() -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(sys.argv) != 2:
        print("Cách dùng: python -m bakhong.demo.accounts EMAIL, SỐ_ĐIỆN_THOẠI hoặc ho-so", file=sys.stderr)
        return 2
    asked = sys.argv[1].strip()
    if asked.isdecimal():
        code = _card_for(asked)
    elif asked == "ho-so":
        code = _papers()
        if code is None:
            print("Chưa có, hoặc tờ khai mẫu đã nộp rồi.", file=sys.stderr)
            return 1
    else:
        django.setup()
        code = code_of(asked)
    if code is None:
        print(
            f"{sys.argv[1]}: không có trong dữ liệu dùng thử, hoặc vai trò này không cần mã bước hai.",
            file=sys.stderr,
        )
        return 1
    print(code)
    return 0


if __name__ == "__main__":
    sys.exit(main())
