"""Keys for the demo's officers and commune, and a telephone to confirm on: all marked "thử nghiệm", made anew in each data folder.

python -m bakhong.demo.signing     the provider of remote signatures and its telephone, on loopback, until it is stopped
"""

import json
import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bakhong.demo.accounts import read_or_make

if TYPE_CHECKING:
    from bakhong.documents.adapters.signing.demo_ca import Authority

AGENCY = "UBND xã Thường Xuân"
SIGNING_ROLES = ("chair", "deputy_chair", "one_stop_officer", "certifier", "specialist")
SINCE = timedelta(
    days=150
)  # the certificates were given before the dossiers of the demo were signed with them
# Their numbers at the provider of remote signatures; no province has the code 099.
_NUMBERS = {"099000000100": "chair", "099000000200": "one_stop_officer", "099000000300": "specialist"}


def make_signers(*, at: datetime) -> int:
    """A PKCS#12 for everybody of the demo who signs; its passphrase is the one they sign in with. Returns how many are new."""
    from bakhong.accounts.models import User
    from bakhong.documents.adapters.signing.demo_ca import keep_signer
    from bakhong.documents.adapters.signing.registry import key_folder

    authority, made = _authority(at), 0
    for one in read_or_make():
        user = User.objects.filter(email=one.email).first()
        if one.role not in SIGNING_ROLES or user is None or (key_folder() / f"{user.uuid}.p12").exists():
            continue
        keep_signer(
            key_folder(), authority, account=str(user.uuid), name=one.name.removesuffix(" (mẫu)"), organisation=AGENCY,
            passphrase=one.passphrase, at=at - SINCE,
        )  # fmt: skip
        made += 1
    return made


def make_seal_key(account: str, *, at: datetime) -> None:
    """The commune's own key, with its secret beside it so that the worker seals by itself; whoever keeps the stamp has it too: it is the
    passphrase of the desk's officer. One that is there stays."""
    from bakhong.documents.adapters.signing.demo_ca import keep_signer
    from bakhong.documents.adapters.signing.registry import key_folder

    folder = key_folder()
    if (folder / f"{account}.p12").exists():
        return
    passphrase = next(one.passphrase for one in read_or_make() if one.role == "one_stop_officer")
    keep_signer(
        folder, _authority(at), account=account, name=AGENCY, organisation=AGENCY, passphrase=passphrase, at=at - SINCE
    )  # fmt: skip
    secret = folder / f"{account}.pass"
    secret.touch(mode=0o600)
    secret.write_text(passphrase, encoding="utf-8")


def _authority(at: datetime) -> "Authority":
    from django.conf import settings

    from bakhong.documents import trust
    from bakhong.documents.adapters.signing.demo_ca import kept_authority

    return kept_authority(Path(settings.DATA) / "secrets", trust.folder(), at - SINCE)


def main() -> int:
    import threading

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from bakhong.documents.adapters.signing.registry import demo_phone
    from bakhong.documents.adapters.signing.simulator import Network, Simulator

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the note goes with us
    note = demo_phone()
    at = timezone.now()
    simulator = Simulator(at, Network(waits_for_phone=True), names=_names(), authority=_authority(at))
    with simulator:
        sp_id, password = simulator.credentials
        secret = note.secret
        simulator.network.webhook = f"{settings.ORIGIN}/documents/webhook/smartca/?secret={secret}"
        note.path.parent.mkdir(parents=True, exist_ok=True)
        note.path.write_text(json.dumps({"url": simulator.url, "id": sp_id, "password": password}))
        print(f"Điện thoại thử nghiệm: {simulator.url}/", flush=True)
        try:
            threading.Event().wait()
        finally:
            note.path.unlink(missing_ok=True)
    return 0


class Names(dict[str, tuple[str, str]]):
    """Officers by their numbers, and anybody of the demo's roll, who may sign their own application."""

    def get(self, number: str, default: Any = None) -> Any:
        return super().get(number) or _resident(number) or default


def _resident(number: str) -> tuple[str, str] | None:
    from django.db import connection

    from bakhong.people.queries.residents import person_of

    try:
        found = person_of(number)
    finally:
        connection.close()  # each call of the telephone is a thread of its own
    return (found.name, "") if found is not None else None


def _names() -> Names:
    by_role = {one.role: one.name.removesuffix(" (mẫu)") for one in read_or_make()}
    return Names({number: (by_role[role], AGENCY) for number, role in _NUMBERS.items() if role in by_role})


if __name__ == "__main__":
    raise SystemExit(main())
