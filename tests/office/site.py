"""The site and the browser of the office's browser tests."""

import contextlib
import os
from pathlib import Path

import pytest
from django.core.wsgi import get_wsgi_application
from django.test.testcases import LiveServerThread

CHROMIUM = Path(os.environ.get("DOUDI_CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
LONGEST = 60_000  # ms; what is awaited comes at once, and on a machine with much else to do some time later
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@contextlib.contextmanager
def serving():
    """The site answers while this lasts; its address."""
    # The application itself in place of Django's handlers of files: whitenoise serves them, as in an installation.
    thread = LiveServerThread("127.0.0.1", lambda _: get_wsgi_application())
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    try:
        if thread.error:
            raise thread.error
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        thread.terminate()


@contextlib.contextmanager
def chromium():
    """A browser that this process started and ends.

    Playwright keeps an event loop in this thread meanwhile; Django would then refuse the database, though nothing here
    is asynchronous.
    """
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415  # only browser tests need it

    if not CHROMIUM.is_file():
        pytest.skip(f"no Chromium at {CHROMIUM}: browser tests are left out")
    expect.set_options(timeout=LONGEST)
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield started
        started.close()


def at_rest(page):
    """Waits until htmx has done with what it swapped in: only then are its triggers, clicks and polls in force.

    What arrives stands on the page with `htmx-added` at once and is wired a moment later, in the same task that takes
    the class away; so a text that is seen is not yet an element that acts. (Not `wait_for_function`: it asks again by
    `eval`, which the page's own policy refuses.)
    """
    page.locator(".htmx-swapping, .htmx-added, .htmx-settling").first.wait_for(state="detached")


@contextlib.contextmanager
def page(browser, address, viewport=DESK):
    """A page in a context of its own. Errors of scripts and refusals of the content security policy are raised at the end."""
    context = browser.new_context(base_url=address, viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(LONGEST)
    opened = context.new_page()
    opened.complaints = complaints = []  # a test that provokes one takes it away
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
    try:
        yield opened
    finally:
        context.close()
    assert not complaints, complaints
