"""What the demo's commune has of its own: a task in no national list, and its digital seal, which its server puts by itself."""

from datetime import datetime

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.demo.accounts import staff_of
from bakhong.demo.signing import make_seal_key
from bakhong.documents.actions.sealing import choose_seal
from bakhong.documents.queries.seals import key_name, seal_in_use
from bakhong.places.models import Unit
from bakhong.procedures.actions.defining import define_procedure, own_code
from bakhong.procedures.queries.local import latest_of

TASK = "Mượn loa đài, bàn ghế của xã"
_SOURCE = "Quy chế quản lý tài sản công của xã (mẫu)"
_SPEC = {
    "name": {"vi": TASK, "en": "Borrowing the commune's loudspeakers and chairs"},
    "sector": {"vi": "Văn hoá cơ sở", "en": "Local culture"},
    "legal_basis": [_SOURCE],
    "applicants": ["citizen", "organisation"],
    "who": {"vi": "Người dân, đoàn thể trong xã.", "en": "Residents and associations of the commune."},
    "filed": "desk",
    "level": "partial",
    "channels": ["direct"],
    "limit": {"amount": 1, "unit": "working_days"},
    "is_sample": True,
    "words": ["loa", "bàn ghế", "mượn"],
    "fee": {"kind": "none", "source": "Mẫu: không thu"},
    "step": [
        {"code": "receive", "vi": "Tiếp nhận, xem sổ cho mượn", "en": "Receive, look at the book", "role": "receive", "share": 50},
        {"code": "approve", "vi": "Đồng ý", "en": "Agree", "role": "approve", "share": 50},
    ],
    "result": [{"code": "slip", "vi": "Phiếu cho mượn", "en": "Loan slip", "kind": "paper"}],
}  # fmt: skip


def load_own(commune: Unit, *, by: Actor, at: datetime) -> None:
    """What is there is left alone."""
    code = own_code(commune, TASK)
    if latest_of(commune, code) is None:
        define_procedure(
            unit=commune, code=code, spec=_SPEC, valid_from=day_of(at), source=_SOURCE, by=by, at=at
        )
    chair = staff_of("chair", at)
    if chair is not None and seal_in_use(commune) is None:
        make_seal_key(key_name(commune), at=at)
        choose_seal(unit=commune, provider="pkcs12", account="", by=chair, at=at)
