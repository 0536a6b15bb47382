"""Every request has one transaction, one viewer and one door."""

import pytest

import personas

pytestmark = pytest.mark.django_db


def test_a_persona_can_be_seated(office_db, client):
    personas.log_in(client, "张敏")
    assert personas.user("张敏").session_key
