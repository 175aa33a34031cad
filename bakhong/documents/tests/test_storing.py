"""A file is kept sealed, whole, once, and behind the wall."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import Error, connection, transaction
from PIL import Image

from bakhong.accounts.permissions import Anonymous
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotFound
from bakhong.core.ids import new_uuid
from bakhong.documents import scope, stores
from bakhong.documents.actions.storing import (
    Damaged,
    adopt_file,
    copy_file,
    erase_file,
    erase_files_of,
    open_file,
    revoke_file,
)
from bakhong.documents.models import File
from bakhong.documents.tests.conftest import Store, picture
from bakhong.documents.tests.files import SENTENCE, pdf_file
from bakhong.places.models import Unit


def on_disk(file: File) -> Path:
    return Path(settings.DATA) / "files" / file.storage[:2] / file.storage[2:4] / file.storage


def test_it_keeps_a_pdf_byte_for_byte_and_sealed(store: Store) -> None:
    sent = pdf_file(SENTENCE)
    file = store(sent)
    assert open_file(file) == sent
    assert (file.media_type, file.size, file.sha256) == ("application/pdf", len(sent), file.sent_sha256)
    lying = on_disk(file).read_bytes()
    assert b"%PDF" not in lying
    assert on_disk(file).stat().st_mode & 0o077 == 0


def test_it_leaves_a_trace_without_a_name(store: Store) -> None:
    file = store(name="Lê Thị Hoá.pdf")
    event = Event.objects.get(deed="documents.store")
    assert event.object_id == str(file.uuid)
    assert event.details["sha256"] == file.sha256
    assert "Hoá" not in str(event.details)


def test_the_same_key_is_the_same_file(store: Store) -> None:
    key, owner = new_uuid(), ("draft", new_uuid())
    first = store(key=key, owner=owner)
    assert store(key=key, owner=owner).pk == first.pk
    with pytest.raises(Conflict):
        store(picture(), key=key, owner=owner)
    with pytest.raises(Conflict):
        store(key=key, owner=("draft", new_uuid()))
    assert File.objects.count() == 1


def test_a_key_of_somebody_elses_file_is_refused(store: Store) -> None:
    key = new_uuid()
    store(key=key)
    mine = uuid4()
    before = sum(1 for _ in Path(settings.DATA, "files").rglob("*"))
    with (
        scope._set("app.nationwide", "off", closed="off"),
        scope._set("app.keys", f"{{{mine}}}", closed="{}"),
    ):
        assert not File.objects.exists()
        with pytest.raises(Conflict):
            store(key=key, owner=("draft", mine))
        assert store(owner=("draft", mine)).owner == mine  # negative control: it is the key that is refused
    assert sum(1 for path in Path(settings.DATA, "files").rglob("*") if path.is_file()) >= 2
    assert before


def test_a_picture_is_turned_shrunk_and_says_nothing_of_where(store: Store) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x010F] = "Hãng máy ảnh"
    exif.get_ifd(0x8825)[1] = "N"
    sent = picture((3000, 2000), exif=exif.tobytes())
    assert b"Exif" in sent  # negative control
    file = store(sent, name="IMG 1.JPG")
    kept = Image.open(BytesIO(open_file(file)))
    assert kept.size == (1333, 2000)
    assert not kept.getexif()
    assert (file.name, file.media_type) == ("IMG 1.jpg", "image/jpeg")
    assert file.sha256 != file.sent_sha256


def test_a_clear_picture_stands_on_white(store: Store) -> None:
    out = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    kept = Image.open(BytesIO(open_file(store(out.getvalue()))))
    assert kept.getpixel((5, 5)) == (255, 255, 255)


def test_a_changed_content_does_not_open(store: Store) -> None:
    file = store()
    path = on_disk(file)
    sealed = bytearray(path.read_bytes())
    sealed[-1] ^= 1
    path.write_bytes(sealed)
    with pytest.raises(Damaged):
        open_file(file)


def test_a_content_in_anothers_place_does_not_open(store: Store) -> None:
    one, other = store(), store(picture())
    on_disk(one).write_bytes(on_disk(other).read_bytes())
    with pytest.raises(Damaged):
        open_file(one)


def test_a_draft_hands_its_file_on(store: Store, thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    file, dossier = store(), ("dossier", new_uuid())
    adopt_file(file=file, owner=dossier, unit=thuong_xuan, by=actor, at=at)
    file.refresh_from_db()
    assert (file.owner_kind, file.owner) == dossier


def test_a_paper_given_twice_stays_where_it_was(
    store: Store, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    paper = store(owner=("person", new_uuid()))
    key, dossier = new_uuid(), ("dossier", new_uuid())
    for _ in range(2):
        copy = copy_file(
            key=key, file=paper, owner=dossier, unit=thuong_xuan, purpose="attachment", by=actor, at=at
        )
    assert copy.sha256 == paper.sha256
    assert File.objects.count() == 2
    paper.refresh_from_db()
    assert paper.owner_kind == "person"


def test_erasing_takes_the_content_and_keeps_the_row(
    store: Store, actor: Actor, at: datetime, django_capture_on_commit_callbacks: object
) -> None:
    file = store(name="Lê Thị Hoá.pdf")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        erase_file(file=file, by=actor, at=at)
    assert not on_disk(file).exists()
    with pytest.raises(NotFound):
        open_file(File.objects.get())
    assert File.objects.get().name == ""


def test_what_is_given_up_goes_whole(store: Store, actor: Actor, at: datetime) -> None:
    draft = ("draft", new_uuid())
    store(owner=draft), store(picture(), owner=draft)
    other = store()
    assert erase_files_of(owner=draft, by=actor, at=at) == 2
    assert erase_files_of(owner=draft, by=actor, at=at) == 0
    assert open_file(other)


def test_revoking_twice_is_once(store: Store, actor: Actor, at: datetime) -> None:
    file = revoke_file(file=store(), why="Cấp nhầm", by=actor, at=at)
    revoke_file(file=file, why="Lần nữa", by=actor, at=at)
    assert File.objects.get().revoked_why == "Cấp nhầm"
    assert Event.objects.filter(deed="documents.revoke").count() == 1


def test_the_database_refuses_another_content(store: Store, at: datetime) -> None:
    file = store()
    for change in ({"sha256": "0" * 64}, {"storage": "x"}, {"verify_code": "AB"}, {"name": "khác.pdf"}):
        with pytest.raises(Error, match="does not change"), transaction.atomic():
            File.objects.filter(pk=file.pk).update(**change)
    with pytest.raises(Error, match="does not change"), transaction.atomic():
        File.objects.filter(pk=file.pk).delete()
    assert File.objects.filter(pk=file.pk).update(revoked_at=at) == 1  # negative control


def test_without_the_trigger_it_would_change(store: Store) -> None:
    """Negative control."""
    file = store()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE documents_file DISABLE TRIGGER documents_file_stays")
    assert File.objects.filter(pk=file.pk).update(sha256="0" * 64) == 1


def test_nobody_sees_a_file_without_an_opening(store: Store, app_role: str) -> None:
    mine = store()
    store()
    with scope._set("app.nationwide", "off", closed="off"):
        assert File.objects.count() == 0
        with scope._set("app.villages", f"{{{mine.village_id}}}", closed="{}"):
            assert File.objects.count() == 2
        with scope._set("app.keys", f"{{{mine.owner}}}", closed="{}"):
            assert File.objects.get() == mine
    assert File.objects.count() == 2  # negative control


def test_a_code_opens_one_file(store: Store, app_role: str) -> None:
    coded = store(with_code=True)
    store(with_code=True)
    with scope._set("app.nationwide", "off", closed="off"), scope.code(str(coded.verify_code)):
        assert File.objects.get() == coded
        assert File.objects.update(revoked_why="x") == 0  # to look at, not to change


def test_a_stranger_lists_nothing(store: Store) -> None:
    store()
    assert File.objects.for_user(Anonymous()).count() == 0


def test_what_was_put_is_found_by_its_name_only() -> None:
    name = stores.put(b"abc")
    assert stores.get(name) == b"abc"
    with pytest.raises(stores.Lost):
        stores.get("0" * 32)
    stores.drop(name)
