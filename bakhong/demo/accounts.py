"""The demo's sign-ins: random passphrases and second-factor keys, made once per data folder and kept in its secrets.

python -m bakhong.demo.accounts EMAIL     the six-digit code of the moment, for those without an authenticator app
"""

import json
import os
import secrets
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from bakhong.core.actor import Actor


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
    ("specialist", "15646", "Công chức chuyên môn (mẫu)", "congchuc@bakhong.example"),
    ("system_admin", "38", "Quản trị hệ thống (mẫu)", "hethong@bakhong.example"),
)


def sign_ins() -> list[tuple[str, str, str, str]]:
    """(role in words, e-mail, passphrase, second-factor key) of every person, for printing."""
    from bakhong.accounts.rules.roles import ROLES

    return [
        (ROLES[one.role].vi, one.email, one.passphrase, one.totp or "không cần") for one in read_or_make()
    ]


def read_or_make() -> list[SignIn]:
    """The sign-ins of this data folder, made at the first call."""
    from django.conf import settings

    path = Path(settings.DATA) / "secrets" / "demo.json"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump([asdict(one) for one in _make()], file)
        made.replace(path)
    return [SignIn(**row) for row in json.loads(path.read_text())]


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
        invited = invite(email=one.email, role=one.role, unit=unit, by=by, at=at)
        assert invited.token is not None
        user = accept_invitation(token=invited.token, name=one.name, passphrase=one.passphrase, at=at)
        if one.totp and not Authenticator.objects.filter(user=user).exists():
            TOTP.activate(user, one.totp)
        made += 1
    return made


def code_of(email: str) -> str | None:
    """The six digits of this moment; None for who is not in the demo or needs none."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    key = next((one.totp for one in read_or_make() if one.email == email.strip().lower()), "")
    return format_hotp_value(hotp_value(key, next(iter(yield_hotp_counters_from_time())))) if key else None


def main() -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if len(sys.argv) != 2:
        print("Cách dùng: python -m bakhong.demo.accounts EMAIL", file=sys.stderr)
        return 2
    code = code_of(sys.argv[1])
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
