"""What the load balancer and `bakhong up` ask."""

from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.test import Client


def test_it_lives_without_a_database() -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_it_is_ready_with_one() -> None:
    assert Client().get("/readyz").status_code == 200


@pytest.mark.django_db
def test_it_is_not_ready_when_the_database_is_away() -> None:
    with patch.object(connection, "cursor", side_effect=OperationalError("away")):
        assert Client().get("/readyz").status_code == 503
