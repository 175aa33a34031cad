"""A commune that serves its own residents, with its forms published."""

from datetime import datetime
from typing import Any

import pytest

from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.places.models import Unit


@pytest.fixture
def here(thuong_xuan: Unit, settings: Any, at: datetime) -> Unit:
    """This installation serves the commune of Thường Xuân."""
    settings.UNIT = "15646"
    publish_shipped(at)
    return thuong_xuan
