"""Signing results digitally: only whom the paper names, with their own certificate, and never by an account typed in passing."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.documents.actions.signing import sign_now, start_signing
from bakhong.documents.adapters.signing.port import is_remote
from bakhong.documents.adapters.signing.registry import providers
from bakhong.documents.models import File, SigningJob
from bakhong.documents.queries.files import latest
from bakhong.documents.queries.jobs import methods_of
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.signers import named_signer


def sign_digitally(
    *, dossiers: Sequence[Dossier], provider: str, secret: str = "", by: Actor, at: datetime
) -> SigningJob | None:
    """Sign the results of dossiers that wait for it, all or none. The job to wait for where the signer confirms elsewhere; else None, and
    all is signed. The account at a remote provider is the one the signer has set up for themselves.

    Call it outside a transaction. Raises: Refusal (NotAllowed where a paper names another signer, NotSigned); Conflict without a paper.
    """
    port = providers().get(provider)
    if port is None:
        raise Refusal(_("Chọn cách ký."))
    named = _name_on_all(dossiers, by)
    files, place = [_file(each) for each in dossiers], dossiers[0].village.name
    reason = _("Ký kết quả giải quyết hồ sơ")
    if is_remote(port):
        account = _own_account(provider, by)
        return start_signing(
            files=files, provider=provider, user_id=account, reason=reason, place=place, named=named, by=by, at=at
        )  # fmt: skip
    sign_now(
        files=files,
        provider=provider,
        secret=secret,
        reason=reason,
        place=place,
        named=named,
        by=by,
        at=at,
    )
    return None


def _name_on_all(dossiers: Sequence[Dossier], by: Actor) -> str:
    """The actor's name as the papers have it. Raises: NotAllowed where one names somebody else."""
    names: list[str] = []
    for each in dossiers:
        signer = named_signer(each)
        if signer is None or signer.id != by.id:
            words = signer.seat.words if signer is not None else _("chưa rõ")
            raise NotAllowed(
                _("Văn bản của hồ sơ %(code)s ghi người ký là %(name)s. Chỉ người đó ký số được.")
                % {"code": each.code or "", "name": words}
            )
        names.append(signer.seat.name)
    return names[0]


def _own_account(provider: str, by: Actor) -> str:
    found = next((each.account for each in methods_of(by) if each.provider == provider), "")
    if not found:
        raise Refusal(_("Bạn chưa ghi tài khoản ký của mình. Mở “Ký số của tôi” để ghi một lần, rồi ký lại."))
    return found


def _file(each: Dossier) -> File:
    file = File.objects.filter(uuid=each.result_file).first() if each.result_file else None
    if file is None:
        raise Conflict(
            _("Hồ sơ %(code)s chưa có văn bản kết quả. Hãy duyệt lại.") % {"code": each.code or ""}
        )
    return latest(file)
