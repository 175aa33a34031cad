"""Where news of a dossier may be written to: asked at the desk beside a form that does not ask for it."""

from datetime import datetime
from typing import Any

from django.http import QueryDict

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.dossiers.applicants import EMAIL_WISH, asks_for_email, email_wished
from bakhong.eforms.actions.wishing import save_wishes
from bakhong.eforms.models import Draft
from bakhong.eforms.rules.answers import Wrong, email_in
from bakhong.eforms.rules.spec import FormSpec
from bakhong.eforms.sentences import sentence

_NAME = "news_email"  # of the box


def news_box(posted: QueryDict, draft: Draft, spec: FormSpec) -> dict[str, Any]:
    """For the page: whether it asks, and what was typed, else what was kept."""
    return {
        "wants_email": not asks_for_email(spec),
        _NAME: posted.get(_NAME, email_wished(draft))[:200],
    }


def keep_email(posted: QueryDict, draft: Draft, *, by: Actor, at: datetime) -> None:
    """A page without the box changes nothing. Raises: Refusal, for what is no address, or a closed form."""
    typed = posted.get(_NAME, email_wished(draft)).strip()
    if typed == email_wished(draft):
        return
    email = email_in(typed)
    if typed and email is None:
        raise Refusal(sentence(Wrong("email_invalid")))
    save_wishes(draft=draft, wishes={EMAIL_WISH: email or ""}, by=by, at=at)
