"""The browser tests' own ground: a real Chromium meets the real site under the strict policy."""

import pytest

pytestmark = pytest.mark.browser


def test_a_page_arrives_with_its_headers(page):
    answer = page.goto("/no-such-page")
    assert answer.status == 404
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_inline_scripts_do_not_run(page):
    page.goto("/no-such-page")
    page.evaluate("document.body.appendChild(document.createElement('script')).textContent = 'window.ran = 1'")
    assert page.evaluate("window.ran === undefined")
    assert "inline script" in page.complaints.pop()
