"""What nobody points to is put aside after a day; what somebody needs stays."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from bakhong.core.actor import Actor
from bakhong.documents import stores
from bakhong.documents.actions import sweeping
from bakhong.documents.actions.storing import open_file
from bakhong.documents.actions.sweeping import TooMany, sweep
from bakhong.documents.tests.conftest import Store

LATER = datetime.now(UTC) + timedelta(days=2)


def files_on_disk() -> set[str]:
    return {path.name for path in (Path(settings.DATA) / "files").rglob("*") if path.is_file()}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: object) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]


def test_an_orphan_goes_and_a_file_stays(store: Store) -> None:
    file, orphan = store(), stores.put(b"rolled back")
    assert sweep(at=LATER) == 1
    assert files_on_disk() == {file.storage}
    assert open_file(file)
    with pytest.raises(stores.Lost):
        stores.get(orphan)


def test_what_was_put_aside_is_fetched_back_for_a_month(db: None) -> None:
    orphan = stores.put(b"rolled back")
    sweep(at=LATER)
    aside = [path for path in (Path(settings.DATA) / "files.aside").rglob(orphan) if path.is_file()]
    assert len(aside) == 1
    sweep(at=LATER + timedelta(days=30))
    assert aside[0].exists()
    sweep(at=LATER + timedelta(days=31))
    assert not aside[0].exists()


def test_it_refuses_to_take_most_of_them(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Yesterday's database beside today's files, or a new database beside old ones."""
    names = [stores.put(b"of another database") for _ in range(4)]
    monkeypatch.setattr(sweeping, "_MOST", 3)
    with pytest.raises(TooMany, match="4 of 4"):
        sweep(at=LATER)
    assert files_on_disk() == set(names)


def test_what_is_young_stays(store: Store) -> None:
    orphan = stores.put(b"of a request under way")
    assert sweep(at=datetime.now(UTC)) == 0
    assert stores.get(orphan)


def test_half_a_write_goes(store: Store) -> None:
    name = stores.put(b"whole")
    path = Path(settings.DATA) / "files" / name[:2] / name[2:4] / name
    os.rename(path, path.with_suffix(".part"))
    assert sweep(at=LATER) == 1
    assert files_on_disk() == set()


def test_a_waiting_request_keeps_what_it_prepared(store: Store, actor: Actor, at: datetime) -> None:
    from bakhong.documents.models import SigningJob, SigningLine

    file, prepared = store(), stores.put(b"with an empty place")
    job = SigningJob.objects.create(
        village=file.village, owner=file.owner, provider="smartca", signer="staff:1", signer_name="A",
        started_at=at, expires_at=at,
    )  # fmt: skip
    SigningLine.objects.create(job=job, number=1, file=file, document="X-1", prepared=prepared)
    assert sweep(at=LATER) == 0
    job.state, job.ended_at = "expired", at
    job.save()
    assert sweep(at=LATER) == 1  # negative control
