"""The town of hand-written runs, and somebody who reads it over the API from his browser's session."""

import pytest
from django.test import Client

import personas
from doudi.office.common.codes import WHOLE
from doudi.office.common.scope import enter_scope
from office.monitoring.conftest import look as look
from office.monitoring.conftest import take as take
from office.monitoring.conftest import town as town


class Desk:
    """A person at his browser: `get` gives the answer, `read` its JSON when it is one."""

    def __init__(self, client):
        self.client = client

    def get(self, path, **asked):
        return self.client.get(f"/api/v1/{path}", asked)

    def read(self, path, **asked):
        answer = self.get(path, **asked)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()


@pytest.fixture
def sits():
    """The desk of that person."""

    def seat(name):
        enter_scope(*WHOLE)
        return Desk(personas.log_in(Client(raise_request_exception=False), name))

    yield seat
    enter_scope(*WHOLE)
