"""An invented list that can be exported, and the people who ask for it and decide."""

import pytest

import personas
from doudi.office.documents import kinds, services

ROWS = [("王*", "=1+1", 120_000), ("李*", None, 5)]
COLUMNS = ("户主", "备注", "金额（分）")


@pytest.fixture
def listed(monkeypatch):
    """The kind `listed`, whose rows the test may change; the value records who asked its maker for what."""
    monkeypatch.setattr(kinds, "_KINDS", {})
    calls = []

    def maker(viewer, asked):
        calls.append((viewer.name, dict(asked)))
        yield from maker.rows

    maker.rows, maker.calls = ROWS, calls
    services.register("listed", maker)
    services.register("refs", maker, personal=False)
    return maker


@pytest.fixture
def ask(office_db, listed):
    """Asks for an export as somebody."""

    def asking(name="张敏", rows_count=2, **told):
        given = {
            "kind": "listed",
            "title": "预警列表",
            "columns": COLUMNS,
            "asked": {"level": "红"},
            "at": personas.AT,
        } | told
        return services.ask_export(viewer=personas.viewer(name), rows_count=rows_count, **given)

    return asking
