"""交来件、批次、隔离、来件情况的页面：谁看到什么，错了怎样说，取回改好再交。"""

import csv
import io
import re
from datetime import timedelta

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from python_calamine import CalamineWorkbook

import personas
from doudi.office.audit.models import Entry
from doudi.office.common.clock import right_now
from doudi.office.common.scope import whole_city
from doudi.office.exchange import selectors, services
from doudi.office.exchange.models import Batch, Hold, Upload
from doudi.office.exchange.services import put_back
from doudi.office.exchange.store import UploadWriter
from landing.files import DIBAO, csv_text, dibao_line, valid_id
from office.exchange.people import ROLL, SETTLED, broken_roll, roll, settlements
from office.nasty import NASTY

pytestmark = pytest.mark.usefixtures("own_office_db")

HOME = "/exchange/"


@pytest.fixture
def seated(own_office_db):
    with whole_city():
        personas.divisions()

    def log_in(name, **options):
        with whole_city():
            return personas.log_in(Client(**options), name)

    return log_in


def send(client, *files, **said):
    """Uploads files (name, content) by the form."""
    parts = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post("/exchange/upload", {"files": parts} | said)


def land():
    services.land_waiting(at=right_now())


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.fixture
def broken(seated):
    """张敏 has sent a roll of which two lines came back; she, and its batch."""
    client = seated("张敏")
    assert send(client, (ROLL, broken_roll())).status_code == 302
    land()
    return client, Batch.objects.get()


# ── sending ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_files_are_sent_and_followed(seated):
    client = seated("张敏")
    assert "还没有交过文件" in text(client.get(HOME))
    assert send(client, (ROLL, roll()), ("坏的.csv", "这不是表\n".encode())).status_code == 302
    waiting = text(client.get("/exchange/list"))
    assert waiting.count("待入库") == 2
    assert "every 2s" in waiting
    land()
    done = text(client.get("/exchange/list"))
    assert "已入库" in done
    assert "已拒收" in done
    assert "every 2s" not in done


def test_the_list_says_what_a_file_became_and_that_a_second_time_entered_nothing(seated):
    client = seated("张敏")
    assert send(client, (ROLL, roll())).status_code == 302
    land()
    once = text(client.get("/exchange/list"))
    assert "低保名册 2026-03 · " in once
    assert "没有重复入库" not in once
    assert send(client, ("改了名字_2026-03.csv", roll())).status_code == 302
    land()
    twice = text(client.get("/exchange/list"))
    assert twice.count("没有重复入库") == 1
    assert "最近交的 2 个文件" in twice


def test_what_cannot_be_taken_is_said_beside_the_field_and_the_rest_is_taken(seated, settings):
    settings.DOUDI_UPLOAD_BYTES = 2_000
    client = seated("张敏")
    response = send(client, (ROLL, roll(200)), feed="dibao_roll", month="2026-03")
    page = response.content.decode()
    assert response.status_code == 422
    assert "上限" in page
    assert 'value="2026-03"' in page
    assert re.search(r'value="dibao_roll" selected', page)
    assert send(client, (ROLL, roll(200)), ("另一份_2026-03.csv", roll(3))).status_code == 302
    assert Upload.objects.count() == 1
    assert "没有收下的" in text(client.get(HOME))


def test_no_file_is_said_so(seated):
    response = seated("张敏").post("/exchange/upload", {})
    assert response.status_code == 422
    assert "没有选文件" in response.content.decode()


def test_without_its_token_no_form_is_taken(seated):
    assert send(seated("张敏", enforce_csrf_checks=True), (ROLL, roll())).status_code == 403
    assert Upload.objects.count() == 0


def test_a_stranger_sends_nothing(doudi_home):
    assert send(Client(), (ROLL, roll())).status_code == 302
    assert not (doudi_home / "office" / "uploads").exists()


@pytest.mark.parametrize("name", ["李伟", "王芳", "秦系", "何督"])
def test_who_may_not_send_has_no_such_page(seated, name):
    assert send(seated(name), (ROLL, roll())).status_code in {403, 404}
    assert Upload.objects.count() == 0


def test_a_file_that_was_not_recognised_goes_again_with_its_month(seated):
    client = seated("张敏")
    send(client, ("名单.csv", roll()))
    land()
    upload = Upload.objects.get()
    wrong = client.post(f"/exchange/uploads/{upload.pk}/again", {"month": "三月"})
    assert wrong.status_code == 422
    assert "月份看不懂" in wrong.content.decode()
    assert "三月" in wrong.content.decode()
    assert client.post(f"/exchange/uploads/{upload.pk}/again", {"month": "2026-03"}).status_code == 302
    land()
    assert Upload.objects.get().state == "landed"


def test_the_neighbour_sees_none_of_the_files(broken, seated):
    neighbour, (_, batch) = seated("赵强"), broken
    upload = Upload.objects.get()
    assert "还没有交过文件" in text(neighbour.get(HOME))
    assert neighbour.post(f"/exchange/uploads/{upload.pk}/again").status_code == 404
    assert neighbour.post(f"/exchange/batches/{batch.pk}/rejects", {"form": "csv"}).status_code == 404


# ── a long way ──────────────────────────────────────────────────────────────────────────────────────────────────────


def as_form(name, content):
    """A form with one file as a browser sends it: body and type of content."""
    body = (
        f'--line\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
        + content
        + b"\r\n--line--\r\n"
    )
    return body, "multipart/form-data; boundary=line"


def left_behind(home):
    return [path.name for path in (home / "office" / "uploads").glob("*")]


def test_while_a_file_comes_in_no_transaction_stands_open(seated, monkeypatch):
    inside = []
    add = UploadWriter.add

    def watched(writer, chunk):
        inside.append(connection.in_atomic_block)
        add(writer, chunk)

    monkeypatch.setattr(UploadWriter, "add", watched)
    assert send(seated("张敏"), (ROLL, roll())).status_code == 302
    assert inside == [False]
    assert Upload.objects.count() == 1


def test_half_a_file_is_not_taken_for_a_whole_one_and_nothing_of_it_stays(seated, doudi_home):
    client, (body, kind) = seated("张敏"), as_form(ROLL, roll(300))
    cut = {"wsgi.input": io.BytesIO(body[: len(body) // 2])}
    half = client.generic("POST", "/exchange/upload", body, kind, **cut)
    assert half.status_code == 422
    assert "没有传完" in half.content.decode()
    assert Upload.objects.count() == 0
    assert left_behind(doudi_home) == []
    assert client.generic("POST", "/exchange/upload", body, kind).status_code == 302
    assert Upload.objects.count() == 1


def test_what_was_sealed_and_then_not_taken_is_dropped_at_once(seated, doudi_home, monkeypatch):
    assert send(seated("张敏"), (ROLL, roll()), feed="没有这种").status_code == 422
    assert send(seated("张敏", enforce_csrf_checks=True), (ROLL, roll())).status_code == 403
    assert left_behind(doudi_home) == []
    client = seated("张敏")
    client.raise_request_exception = False
    monkeypatch.setattr("doudi.office.exchange.services.take_in", lambda **_: 1 / 0)
    assert send(client, (ROLL, roll())).status_code == 500
    assert left_behind(doudi_home) == []


def test_what_a_dead_site_left_half_is_marked_and_removed_after_an_hour(seated, doudi_home):
    writer = UploadWriter()
    writer.add(roll())
    writer._out.close()  # as the kernel does for a process that was killed
    (part,) = left_behind(doudi_home)
    assert part.endswith(".part")
    put_back(at=right_now())
    assert left_behind(doudi_home) == [part]
    put_back(at=right_now() + timedelta(hours=1, minutes=1))
    assert left_behind(doudi_home) == []


# ── batches ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_batch_tells_where_each_line_went(broken):
    client, batch = broken
    page = text(client.get(f"/exchange/batches/{batch.pk}"))
    assert "账平" in page
    assert "东营区" in page
    assert ROLL in page
    assert "校验位不对" in page
    assert "12345" not in page
    assert valid_id(1) not in page
    assert "取回改正" in page


def taken_back(client, batch, form):
    """The file of corrections: its name, and its rows as texts."""
    response = client.post(f"/exchange/batches/{batch.pk}/rejects", {"form": form})
    name = re.search(r'filename="(.+)"', response["Content-Disposition"])[1]
    if form == "xlsx":
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0)
        return name, [[str(cell) for cell in row] for row in sheet.to_python()]
    return name, list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def written(rows, form):
    """The rows as a file again."""
    out = io.BytesIO()
    if form == "xlsx":
        with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
            page = book.add_worksheet()
            for line, row in enumerate(rows):
                for column, cell in enumerate(row):
                    page.write_string(line, column, cell)
        return out.getvalue()
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_rejected_lines_come_back_as_a_marked_file_and_land_when_they_are_put_right(broken, form):
    client, batch = broken
    name, (mark, header, *lines) = taken_back(client, batch, form)
    assert re.match(
        r"兜底 · 低保名册 2026-03 退回的 2 行 · 取走人 张敏（zhangmin，县区民政经办人员）· 20\d\d-", mark[0]
    )
    assert header[: len(DIBAO)] == DIBAO
    assert header[-2:] == ["退回原因", "原文"]
    for number, line in enumerate(lines, 3):
        line[: len(DIBAO)] = [str(dibao_line(number)[column]) for column in DIBAO]
    send(client, (name, written([mark, header, *lines], form)))
    land()
    again = Batch.objects.order_by("received_at").last()
    assert (again.accepted, again.rejected, again.record["title"]) == (2, 0, 1)
    with whole_city():
        assert Entry.objects.filter(act="exchange.rejects_taken", actor="zhangmin").count() == 1


def test_corrections_sent_back_as_they_came_are_rejected_for_the_same_reasons(broken):
    client, batch = broken
    name, rows = taken_back(client, batch, "csv")
    send(client, (name, written(rows, "csv")))
    land()
    again = Batch.objects.order_by("received_at").last()
    assert (again.accepted, again.rejected) == (0, 2)


def test_what_comes_back_runs_in_no_spreadsheet_and_keeps_what_could_not_be_told_apart(seated):
    client = seated("张敏")
    cells = dibao_line(1) | {"姓名": '=HYPERLINK("x")', "家庭月保障金额": "-3.5"}
    send(
        client,
        (
            ROLL,
            csv_text(DIBAO, [dict(dibao_line(2)), "一,二,三"]).encode()
            + ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in cells.values()).encode(),
        ),
    )
    land()
    batch = Batch.objects.get()
    content = client.post(f"/exchange/batches/{batch.pk}/rejects", {"form": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content.partition("\r\n")[2])))
    assert [row["原文"] for row in rows] == ["一,二,三", ""]
    assert rows[1]["姓名"] == '\'=HYPERLINK("x")'
    assert rows[1]["家庭月保障金额"] == "-3.5"


def test_who_did_not_send_it_gets_no_corrections_and_sees_only_its_own_countys_lines(broken, seated):
    _, batch = broken
    city = text(seated("周涛").get(f"/exchange/batches/{batch.pk}"))
    assert "取回改正" not in city
    assert "校验位不对" in city
    assert seated("周涛").post(f"/exchange/batches/{batch.pk}/rejects", {"form": "csv"}).status_code == 404


def test_the_neighbour_finds_batches_of_his_county_and_of_the_whole_city_only(seated):
    client, neighbour = seated("张敏"), seated("赵强")
    send(client, (ROLL, roll()))
    send(seated("郑医"), (SETTLED, settlements()))
    land()
    theirs = Batch.objects.get(feed="dibao_roll")
    assert neighbour.get(f"/exchange/batches/{theirs.pk}").status_code == 404
    page = text(neighbour.get("/exchange/batches/")).split("<tbody>")[1]
    assert "医疗结算" in page
    assert "低保名册" not in page


def test_a_county_sees_the_line_that_is_its_own_to_look_into_and_no_other(broken, seated):
    _, batch = broken
    page = text(seated("赵强").get(f"/exchange/batches/{batch.pk}"))
    assert "不是 18 位" in page
    assert "校验位不对" not in page
    assert "取回改正" not in page
    assert "1234.50" not in page  # what stood there is for who wrote it


def test_a_department_finds_its_own_batches_only(broken, seated):
    _, batch = broken
    send(seated("郑医"), (SETTLED, settlements()))
    land()
    assert "医疗结算</a>" in text(seated("郑医").get("/exchange/batches/"))
    assert seated("郑医").get(f"/exchange/batches/{batch.pk}").status_code == 404
    assert seated("冯联").get("/exchange/batches/").content.decode().count("row-link") == 0


# ── quarantine and coverage ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def shrunken(seated):
    """The roll of March has a tenth of February's lines."""
    client = seated("张敏")
    send(client, ("dibao_roll_2026-02.csv", roll(40)))
    land()
    send(client, (ROLL, roll(4)))
    land()
    return client, Hold.objects.get()


def test_a_shrunken_roll_waits_for_a_person_with_a_reason(shrunken, seated):
    client, hold = shrunken
    assert hold.delivery in text(client.get("/exchange/holds/"))
    address = f"/exchange/holds/{hold.delivery}"
    page = text(client.get(address))
    assert "放行" in page
    assert ">40<" in page
    assert ">4<" in page
    refused = client.post(address, {"move": "放行", "why": " "})
    assert refused.status_code == 422
    assert "理由" in refused.content.decode()
    assert client.post(address, {"move": "放行", "why": "电话核实，确有清退"}).status_code == 302
    hold.refresh_from_db()
    assert (hold.state, hold.decided_by, hold.why) == ("accepted", "zhangmin", "电话核实，确有清退")
    assert client.post(address, {"move": "不予采用", "why": "再想想"}).status_code == 422
    cards = [card for card in services_coverage() if card.feed == "dibao_roll"]
    assert [(card.state, card.last_period) for card in cards] != [("quarantined", "2026-02")]


def services_coverage():
    return selectors.coverage(right_now())


def test_the_neighbour_does_not_find_it_and_the_supervisor_only_looks(shrunken, seated):
    _, hold = shrunken
    address = f"/exchange/holds/{hold.delivery}"
    assert seated("赵强").get(address).status_code == 404
    supervisor = seated("何督")
    assert "您可以查看" in text(supervisor.get(address))
    assert supervisor.post(address, {"move": "放行", "why": "看看"}).status_code == 403


def test_refused_it_does_not_hold(shrunken):
    client, hold = shrunken
    client.post(f"/exchange/holds/{hold.delivery}", {"move": "不予采用", "why": "部门漏报，已催"})
    card = next(card for card in services_coverage() if card.feed == "dibao_roll")
    assert (card.state, card.last_period) == ("quarantined", "2026-02")


def test_the_board_tells_who_is_late_and_by_how_much(shrunken, seated):
    page = text(seated("周涛").get("/exchange/coverage"))
    assert "从未报过" in page
    assert "低保名册" in page
    assert "隔离待定" in page
    late = text(seated("周涛").get("/exchange/coverage?state=never&department=医保"))
    assert "医疗结算" in late
    assert "低保名册" not in late.split("<tbody>")[-1]
    rows = seated("周涛").get("/exchange/coverage.csv").content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("来件,部门,报送方")
    assert any(line.startswith("低保名册,民政,东营区,2026-02") for line in rows)


def test_the_board_opens_what_is_not_on_time_and_folds_what_is_by_department(shrunken, seated):
    send(seated("郑医"), (SETTLED, settlements()))
    enrolled = f"身份证号,参保年度,险种,缴费状态,资助金额\n{valid_id(1)},2026,居民,已缴,0\n"
    send(seated("周涛"), (f"medical_enrolment_{right_now():%Y-%m}.csv", enrolled.encode()))
    send(seated("赵强"), (f"dibao_roll_{right_now():%Y-%m}.csv", roll(4, 90, 经办乡镇代码="370503100000")))
    land()
    page = text(seated("周涛").get("/exchange/coverage"))
    troubled, fresh = page.split('id="fresh"')
    assert re.search(r"医疗结算.*?晚报.*?医保：郑医", troubled, re.DOTALL)
    assert re.search(r"低保名册.*?隔离待定.*?看对账.*?民政：张敏", troubled, re.DOTALL)
    assert "医保参保" not in troubled.split('id="troubled"')[1]
    assert re.search(r'<details class="fold"><summary.*?医保</span><span class="soft">1 个报送方按时', fresh)
    opened = text(seated("周涛").get("/exchange/coverage?department=医保&state=fresh"))
    assert '<details class="fold" open>' in opened
    assert 'id="troubled"' not in opened


def test_where_nobody_has_an_account_the_office_itself_is_to_be_asked(shrunken, seated):
    page = text(seated("周涛").get("/exchange/coverage?department=税务"))
    assert "税务（还没有报送账号）" in page


# ── everything that may be typed ────────────────────────────────────────────────────────────────────────────────────


# Half a surrogate cannot be sent: browsers send a sign of replacement.
TYPED = {name: typed.encode("utf-8", "replace").decode() for name, typed in NASTY.items()}


@pytest.mark.slow
def test_nothing_that_is_typed_breaks_a_page(shrunken):
    client, hold = shrunken
    client.raise_request_exception = False
    upload, batch = Upload.objects.first(), Batch.objects.first()
    waiting = Hold.objects.values("state").get(pk=hold.pk)
    broken = []
    for word, typed in TYPED.items():
        asked = everything_asked(client, upload, batch, hold, typed)
        broken += [f"{word} {each.request['PATH_INFO']}" for each in asked if each.status_code >= 500]
        Hold.objects.filter(pk=hold.pk).update(**waiting)  # whoever decided it for a reason, the next one may again
    assert broken == []


def everything_asked(client, upload, batch, hold, typed):
    return [
        client.get(HOME, {"feed": typed, "month": typed}),
        client.get("/exchange/batches/", {"feed": typed, "page": typed}),
        client.get(f"/exchange/batches/{batch.pk}", {"from": typed}),
        client.get("/exchange/coverage", {"state": typed, "department": typed}),
        send(client, (ROLL, roll()), feed=typed, month=typed),
        client.post(f"/exchange/uploads/{upload.pk}/again", {"feed": typed, "month": typed}),
        client.post(f"/exchange/batches/{batch.pk}/rejects", {"form": typed}),
        client.post(f"/exchange/holds/{hold.delivery}", {"move": typed, "why": typed}),
        client.post(f"/exchange/holds/{hold.delivery}", {"move": "不予采用", "why": typed}),
    ]
