"""Keeping files: taking one in, handing it to another owner, taking its value back, erasing its content."""

import hashlib
import hmac
import unicodedata
from datetime import datetime
from typing import IO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotFound
from bakhong.documents import stores
from bakhong.documents.keeping import PDF, PICTURES_AND_PDF, Fit, fit
from bakhong.documents.models import File
from bakhong.documents.rules.codes import new_code
from bakhong.places.models import Unit

Owner = tuple[str, UUID]


class Damaged(Conflict):
    """The content kept is not what was stored."""


def store_file(
    *,
    key: UUID,
    content: bytes | IO[bytes],
    name: str,
    owner: Owner,
    unit: Unit,
    purpose: str,
    by: Actor,
    at: datetime,
    person_uuid: UUID | None = None,
    allowed: frozenset[str] = PICTURES_AND_PDF,
    with_code: bool = False,
) -> File:
    """Keep what somebody sent: checked by its content, a picture turned upright and shrunk, sealed, and on the disk before this returns.

    `key` is the client's: the same key and bytes again give the same file. `owner`: ("dossier" | "draft" | "person" …, uuid). `with_code`
    gives it a code for the verification page. Whether the actor may do this is the caller's to know: owners live above.

    Raises: Unreadable (a plain sentence), Conflict when the key already names another content.
    """
    sent = content if isinstance(content, bytes) else content.read()
    known = _known(key, hashlib.sha256(sent).hexdigest(), owner)
    if known is not None:
        return known
    return keep(
        key=key, fitted=fit(sent, allowed), name=name, owner=owner, unit=unit, purpose=purpose, by=by, at=at,
        person_uuid=person_uuid, with_code=with_code,
    )  # fmt: skip


def store_made(
    *,
    key: UUID,
    content: bytes,
    name: str,
    owner: Owner,
    unit: Unit,
    purpose: str,
    by: Actor,
    at: datetime,
    person_uuid: UUID | None = None,
    code: str = "",
    replaces: File | None = None,
    is_signed: bool = False,
) -> File:
    """Keep a PDF that we made ourselves: nothing in it to distrust, so that no child is started.

    `code` was printed on it (`rules.codes.new_code`). The key again gives the file that stands, whatever the bytes: a PDF
    made twice differs in its moment.
    """
    known = File.objects.filter(uuid=key).first()
    if known is not None:
        return _same_owner(known, owner)
    digest = hashlib.sha256(content).hexdigest()
    return keep(
        key=key, fitted=Fit(content, PDF, digest, digest, None, is_signed), name=name, owner=owner, unit=unit,
        purpose=purpose, by=by, at=at, person_uuid=person_uuid, code=code, replaces=replaces,
    )  # fmt: skip


def keep(
    *,
    key: UUID,
    fitted: Fit,
    name: str,
    owner: Owner,
    unit: Unit,
    purpose: str,
    by: Actor,
    at: datetime,
    person_uuid: UUID | None = None,
    with_code: bool = False,
    code: str = "",
    replaces: File | None = None,
) -> File:
    """Keep a content that was found fit. What the rolled back row leaves on the disk, `documents.sweep` takes away."""
    storage = stores.put(fitted.content)
    try:
        with transaction.atomic():
            file = File.objects.create(
                uuid=key,
                owner_kind=owner[0],
                owner=owner[1],
                village=unit,
                person_uuid=person_uuid,
                name=clean_name(name, fitted.media_type),
                media_type=fitted.media_type,
                size=len(fitted.content),
                sha256=fitted.sha256,
                sent_sha256=fitted.sent_sha256,
                pages=fitted.pages,
                purpose=purpose,
                storage=storage,
                made_at=at,
                made_by=by.id,
                replaces=replaces,
                is_signed=fitted.is_signed,
                verify_code=code or (new_code() if with_code else ""),
            )
            record(
                by=by, at=at, deed="documents.store", object_kind="file", object_id=file.uuid, place_id=unit.pk,
                sha256=fitted.sha256, size=len(fitted.content), purpose=purpose, owner=f"{owner[0]}:{owner[1]}",
            )  # fmt: skip
    except IntegrityError:
        stores.drop(storage)
        return _faster(key, fitted.sent_sha256, owner)
    return file


def adopt_file(
    *, file: File, owner: Owner, unit: Unit, by: Actor, at: datetime, person_uuid: UUID | None = None
) -> File:
    """Hand a file to another owner: a draft's to its dossier. Files are handed on, not copied. `person_uuid`: whose paper it is from then
    on, where nobody's was said."""
    whose = file.person_uuid or person_uuid
    if (file.owner_kind, file.owner, file.person_uuid) == (*owner, whose):
        return file
    file.owner_kind, file.owner = owner
    file.village, file.person_uuid = unit, whose
    with transaction.atomic():
        file.save(update_fields=["owner_kind", "owner", "village", "person_uuid"])
        record(
            by=by, at=at, deed="documents.adopt", object_kind="file", object_id=file.uuid, place_id=unit.pk,
            owner=f"{owner[0]}:{owner[1]}",
        )  # fmt: skip
    return file


def copy_file(
    *, key: UUID, file: File, owner: Owner, unit: Unit, purpose: str, by: Actor, at: datetime
) -> File:
    """The same content for a second owner: a paper of the resident's store given with a dossier stays in the store.

    Raises: Damaged.
    """
    known = _known(key, file.sha256, owner)
    if known is not None:
        return known
    fitted = Fit(open_file(file), file.media_type, file.sha256, file.sha256, file.pages, file.is_signed)
    return keep(
        key=key, fitted=fitted, name=file.name, owner=owner, unit=unit, purpose=purpose, by=by, at=at,
        person_uuid=file.person_uuid,
    )  # fmt: skip


def revoke_file(*, file: File, why: str, by: Actor, at: datetime) -> File:
    """Say that what the file states holds no longer; its page of verification says so from now on. Twice is once."""
    if file.revoked_at is not None:
        return file
    file.revoked_at, file.revoked_why = at, why[:300]
    with transaction.atomic():
        file.save(update_fields=["revoked_at", "revoked_why"])
        record(
            by=by,
            at=at,
            deed="documents.revoke",
            object_kind="file",
            object_id=file.uuid,
            place_id=file.village_id,
        )
    return file


def erase_file(*, file: File, by: Actor, at: datetime) -> File:
    """Blank what is personal and take the content from the disk; that there was a file, and its hash, stays."""
    if file.erased_at is not None:
        return file
    file.erased_at, file.name, file.size = at, "", 0
    with transaction.atomic():
        file.save(update_fields=["erased_at", "name", "size"])
        record(
            by=by,
            at=at,
            deed="documents.erase",
            object_kind="file",
            object_id=file.uuid,
            place_id=file.village_id,
        )
        transaction.on_commit(lambda: stores.drop(file.storage))
    return file


def erase_files_of(*, owner: Owner, by: Actor, at: datetime) -> int:
    """Erase all that belongs to an owner that is given up (a draft dropped or run out), earlier versions too; returns how many."""
    found = list(File.objects.filter(owner_kind=owner[0], owner=owner[1], erased_at=None))
    for file in found:
        erase_file(file=file, by=by, at=at)
    return len(found)


def open_file(file: File) -> bytes:
    """The content, checked against its hash.

    Raises: NotFound when it was erased, Damaged when it is lost or changed.
    """
    if file.erased_at is not None:
        raise NotFound(_("Tệp này đã được xoá theo yêu cầu."))
    try:
        content = stores.get(file.storage)
    except stores.Lost:
        raise Damaged(_("Không mở được tệp đã lưu; hãy báo người vận hành máy chủ.")) from None
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), file.sha256):
        raise Damaged(_("Tệp đã lưu không còn nguyên vẹn; hãy báo người vận hành máy chủ."))
    return content


def clean_name(name: str, media_type: str) -> str:
    """What people call it, safe in a header and on any disk, with the ending of what it is.

    >>> clean_name("..\\\\Ảnh thẻ\\x00 .PNG", "image/jpeg"), clean_name("", "application/pdf")
    ('Ảnh thẻ.jpg', 'giay-to.pdf')
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem = last.rsplit(".", 1)[0] if "." in last[1:] else last
    kept = "".join(char for char in unicodedata.normalize("NFC", stem) if _is_plain(char))
    ending = {"application/pdf": "pdf", "image/jpeg": "jpg"}[media_type]
    return f"{' '.join(kept.split())[:120].strip('. ') or 'giay-to'}.{ending}"


def _is_plain(char: str) -> bool:
    return unicodedata.category(char)[0] not in "C" and char not in '<>:"/\\|?*;'


def _known(key: UUID, sent: str, owner: Owner) -> File | None:
    found = File.objects.filter(uuid=key).first()
    if found is None:
        return None
    if found.sent_sha256 != sent:
        raise Conflict(_("Mã gửi tệp này đã dùng cho một tệp khác; hãy tải lại trang rồi gửi."))
    return _same_owner(found, owner)


def _same_owner(found: File, owner: Owner) -> File:
    if found.owner != owner[1]:
        raise Conflict(_("Mã gửi tệp này đã dùng cho một tệp khác; hãy tải lại trang rồi gửi."))
    return found


def _faster(key: UUID, sent: str, owner: Owner) -> File:
    """The same form came twice at the same time, or the key is somebody else's."""
    found = _known(key, sent, owner)
    if found is None:
        raise Conflict(_("Tệp này đã được thay bằng bản khác; hãy tải lại trang."))
    return found
