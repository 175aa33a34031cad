"""Choosing how one signs."""

from datetime import datetime

from django.db import transaction

from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.documents.adapters.signing.registry import providers
from bakhong.documents.models import SigningMethod
from bakhong.documents.problems import NotSigned
from bakhong.documents.sealed import seal


def choose_method(*, provider: str, account: str, by: Actor, at: datetime) -> SigningMethod:
    """From now on the actor signs this way. `account` is their number at a remote provider, empty for a key at hand; it is kept sealed.

    Raises: NotSigned(unknown_provider).
    """
    if provider not in providers():
        raise NotSigned("unknown_provider")
    with transaction.atomic():
        SigningMethod.objects.filter(signer=by.id, is_preferred=True).update(is_preferred=False)
        method, _ = SigningMethod.objects.get_or_create(
            signer=by.id, provider=provider, defaults={"changed_at": at}
        )
        method.account = seal(account.encode(), f"signing_method:{method.uuid}") if account else None
        method.is_preferred, method.changed_at = True, at
        method.save()
        record(
            by=by, at=at, deed="documents.choose_method", object_kind="signing_method", object_id=method.uuid,
            provider=provider,
        )  # fmt: skip
    return method
