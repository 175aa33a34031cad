"""A test client that somebody has signed in with an e-identity, without the provider."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from bakhong.accounts import residents
from bakhong.accounts.actions import welcome_resident
from bakhong.accounts.residents import Claims
from bakhong.people.models import Person


def as_resident(
    person: Person | None, *, number: str = "", level: int = 2, client: Client | None = None
) -> Client:
    """`number` defaults to one nobody has; without a person it is somebody the roll does not know."""
    client = client or Client()
    row = welcome_resident(
        issuer="https://eid.example",
        subject=str(person.uuid) if person else f"nobody {number}",
        level=level,
        person=person.uuid if person and level >= 2 else None,
        at=timezone.now(),
    )
    said = Claims(number or "099000000000", person.name if person else "Không Ai", "", "", "", level)
    request = HttpRequest()
    request.session = client.session
    request.user = AnonymousUser()
    residents.start(request, row, said, timezone.now())
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    return client
