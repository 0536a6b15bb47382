"""The office's vault, in the test's own database."""

import pytest

from doudi.office.exchange import vault


@pytest.fixture
def open_vault(own_office_db):
    """Opens the office's vault: to write, made where there is none, or as a page reads it."""

    def opened(*, new=True):
        return vault.write_vault() if new else vault.read_vault()

    return opened
