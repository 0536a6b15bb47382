"""The gallery in a real Chromium: every component is accessible, large enough and never wider than a phone."""

import pytest
from playwright.sync_api import expect

from office import axe

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("large", [False, True], ids=["标准字", "大字版"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_on_the_gallery(looked_at, width, large):
    assert axe.violations(looked_at(width, large=large)) == []


def test_axe_finds_a_planted_fault(gallery):
    page = gallery(1440)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input><button></button>')")

    assert {line.partition(":")[0] for line in axe.violations(page)} >= {"label", "button-name"}


@pytest.mark.parametrize("width", [1440, 390])
def test_every_control_has_the_size_of_a_thumb_in_large_letters(looked_at, width):
    assert axe.small_controls(looked_at(width, large=True)) == []


def test_a_planted_small_control_is_seen(gallery):
    page = gallery(1440, large=True)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<button>小</button>')")

    assert len(axe.small_controls(page)) == 1


@pytest.mark.parametrize("large", [False, True], ids=["标准字", "大字版"])
@pytest.mark.parametrize("width", [1440, 390, 360])
def test_nothing_sticks_out_of_the_window(looked_at, width, large):
    assert axe.overflow(looked_at(width, large=large)) == []


def test_a_planted_overflow_is_seen(gallery):
    page = gallery(360)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<svg width=900 class=x></svg>')")
    page.evaluate("document.querySelector('svg.x').style.maxWidth = 'none'")

    assert axe.overflow(page)


def test_a_chart_says_what_its_table_says(looked_at):
    page = looked_at(1440)

    assert page.locator("svg.map a").count() == 5
    assert page.locator("svg.map text", has_text="广饶县").text_content() == "广饶县1,310"
    assert page.locator(".chart-off").inner_text() == "图上没有边界、只列在表中：东营经济技术开发区、东营港经济开发区。"


def test_on_a_phone_the_side_is_a_drawer_that_escape_closes(gallery):
    page = gallery(390)
    side = page.get_by_role("navigation", name="主导航")
    assert not side.is_visible()

    page.get_by_role("button", name="导航", exact=True).click()
    expect(side).to_be_visible()

    page.keyboard.press("Escape")
    expect(side).to_be_hidden()


def test_on_a_phone_the_filter_is_folded_and_on_a_desk_it_is_not(gallery):
    page = gallery(390)
    page.evaluate("document.querySelectorAll('.filter-open').forEach((each) => { each.open = false })")
    expect(page.locator(".filter-fields").first).to_be_hidden()
    page.locator(".filter-word").first.click()
    expect(page.locator(".filter-fields").first).to_be_visible()
    page.locator(".filter-word").first.click()
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.locator(".filter-fields").first).to_be_visible()
    expect(page.locator(".filter-word").first).to_be_hidden()


def test_a_dialog_asks_before_what_cannot_be_undone(gallery):
    page = gallery(1440)

    page.get_by_role("button", name="退回工单").click()
    dialog = page.get_by_role("dialog", name="退回这张工单？")
    expect(dialog).to_be_visible()

    dialog.get_by_role("button", name="返回").click()
    expect(dialog).to_be_hidden()


def test_picking_all_rows_says_how_many_are_picked(gallery):
    page = gallery(1440)

    page.get_by_label("全选本页").check()

    expect(page.locator("[data-picked]")).to_have_text("已选 2 条")


def test_the_keyboard_reaches_the_search_box_and_the_rows(gallery):
    page = gallery(1440)

    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "医疗自付支出过大，未申请救助"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"


def test_files_picked_for_upload_are_listed_with_their_size(gallery):
    page = gallery(1440)

    page.locator("#g_files").set_input_files([{"name": "a.csv", "mimeType": "text/csv", "buffer": b"x" * 2048}])

    expect(page.locator(".upload-list li").first.locator("span")).to_have_text(["a.csv", "2.0 KB"])


def test_the_first_tab_stop_skips_to_the_content(gallery):
    page = gallery(1440)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_without_scripts_the_page_is_whole_and_offers_nothing_that_would_not_work(browser, gallery_site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{gallery_site}/gallery")

    assert page.get_by_role("button", name="退回工单").get_attribute("href") == "#confirm"
    assert page.get_by_role("table", name="各县区低收入人口").is_visible()
    assert page.get_by_role("button", name="打印", exact=True).count() == 0
    assert not page.get_by_label("全选本页").is_visible()
    context.close()


def test_in_print_only_the_content_and_the_watermark_are_left(gallery):
    page = gallery(1440)
    page.emulate_media(media="print")

    assert not page.locator(".head").is_visible()
    assert not page.locator(".side").is_visible()
    assert page.locator("h1").is_visible()
    assert page.locator(".watermark").first.is_visible()


def test_in_print_what_is_folded_is_open_and_what_is_only_for_the_hand_is_gone(gallery):
    page = gallery(1440)
    folded = page.locator(".fold:not([open]) .fold-body").first
    assert not folded.is_visible()
    page.emulate_media(media="print")

    assert folded.evaluate("body => body.checkVisibility({ contentVisibilityAuto: true }) && body.offsetHeight > 0")
    assert page.locator(".pick:visible, .filter-fields:visible, .search:visible").count() == 0
