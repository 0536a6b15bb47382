"""来件从收下到入湖：封着到、在内存里打开、每一步看得见，死在哪里都接得上。"""

import datetime as dt
import fcntl
import io
import os
import random
import signal
import subprocess
import sys
import zipfile

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from doudi.errors import Refusal
from doudi.landing import land, read_batches
from doudi.landing.lake import Lake
from doudi.landing.values import Place
from doudi.office.audit.models import Entry
from doudi.office.common import events
from doudi.office.common.clock import right_now
from doudi.office.common.scope import whole_city
from doudi.office.exchange import services, store
from doudi.office.exchange.models import Batch, Sender, Upload
from office.exchange.people import AT, FENG, ROLL, SETTLED, ZHANG, ZHENG, broken_roll, landed, roll, sent, settlements
from office.opened import LONGEST, eventually

pytestmark = pytest.mark.usefixtures("own_office_db")


def test_a_received_file_lands_and_tells_where_each_line_went(doudi_home):
    upload = landed(ROLL, broken_roll())
    assert (upload.state, upload.done) == ("landed", upload.size)
    batch = upload.batch
    assert (batch.feed, batch.period, batch.department) == ("dibao_roll", "2026-03", "民政")
    assert (batch.physical, batch.accepted, batch.rejected) == (5, 2, 2)
    senders = Sender.objects.filter(batch=batch).order_by("county").values_list("county", "lines")
    assert list(senders) == [(370502000000, 2), (370503000000, 0)]  # the neighbour has a line to look into
    assert [record.batch for record in read_batches(doudi_home)] == [batch.pk]
    assert not store.sealed_file(upload.pk).exists()


def test_the_same_files_make_the_same_lake_as_on_the_command_line(doudi_home, tmp_path):
    files = {ROLL: roll(40), SETTLED: settlements(30)}
    for name, content in files.items():
        sent(name, content)
    services.land_waiting(at=AT)
    other = tmp_path / "other"
    (other / "keys").mkdir(parents=True)
    (other / "keys" / "master.json").hardlink_to(doudi_home / "keys" / "master.json")
    paths = [tmp_path / name for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_bytes(content)
    assert not land(paths, home=other, received_at=AT.isoformat(timespec="microseconds"), place=Place()).refused
    here, there = (read_batches(home) for home in (doudi_home, other))
    assert here == there
    for record in here:
        mine, theirs = (Lake(home).lines_file(record.feed, record.batch) for home in (doudi_home, other))
        assert mine.read_bytes() == theirs.read_bytes()


def test_a_refused_file_says_why_without_its_name():
    upload = landed("张三丰的名单.csv", "公民身份号码,姓名,备注\n1,2,3\n".encode())
    assert upload.state == "refused"
    assert "张三丰" not in upload.sentence
    assert "--" not in upload.sentence


def test_a_file_without_a_month_lands_once_its_sender_says_which():
    upload = landed("名单.csv", roll())
    assert upload.code == "landing.no_period"
    services.again(actor=ZHANG.actor, at=AT, upload=upload, feed="", month="2026-03")
    services.land_waiting(at=AT)
    upload.refresh_from_db()
    assert (upload.state, upload.batch.period) == ("landed", "2026-03")


def test_the_same_file_twice_is_one_batch():
    first, second = landed(ROLL, roll()), landed(ROLL, roll())
    assert first.batch_id == second.batch_id
    assert Batch.objects.count() == 1


def test_two_files_of_one_name_both_land():
    sent(ROLL, roll())
    sent(ROLL, roll(3, first=10))
    services.land_waiting(at=AT)
    assert set(Upload.objects.values_list("state", flat=True)) == {"landed"}
    assert Batch.objects.count() == 2


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\x00b.csv", "名" * 300 + ".csv", "", "con:*?.csv", "a\nb.xlsx", " . "]
)
def test_a_hostile_name_is_a_name(name):
    upload = landed(name, roll(), month="2026-03")
    assert upload.state == "landed"


def bomb():
    """A workbook of a few hundred kilobytes whose one sheet is hundreds of megabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr(
            "xl/workbook.xml", "<workbook><sheets><sheet name='a' sheetId='1' r:id='r1'/></sheets></workbook>"
        )
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(300):
                sheet.write(b" " * 1_000_000)
    return out.getvalue()


NO_TABLES = {
    "zeros.csv": b"\0" * 100_000,
    "noise.xlsx": random.Random(7).randbytes(50_000),
    "picture.csv": b"\x89PNG\r\n\x1a\n" + random.Random(8).randbytes(2_000),
    "cut.xlsx": b"PK\x03\x04" + b"\0" * 40,
    "cut.parquet": b"PAR1" + b"\0" * 40,
    "page.xls": "<html><table><tr><td>公民身份号码</td></tr></table></html>".encode(),
    "columns.csv": ",".join(f"列{number}" for number in range(200_000)).encode(),
    "line.csv": b"x" * 5_000_000,
    "bomb.xlsx": bomb(),
    "quote.csv": '公民身份号码,姓名\n"'.encode() + b"a," * 100_000,
}


@pytest.mark.parametrize("name", NO_TABLES)
def test_what_is_no_table_is_refused_with_a_sentence_and_kept(name):
    upload = landed(name, NO_TABLES[name], month="2026-03")
    assert upload.state == "refused"
    assert upload.sentence.endswith("。")
    assert store.sealed_file(upload.pk).exists()


def test_files_of_one_landing_do_not_stop_each_other():
    for name in ("noise.xlsx", "bomb.xlsx"):
        sent(name, NO_TABLES[name])
    sent(ROLL, roll())
    services.land_waiting(at=AT)
    assert sorted(Upload.objects.values_list("state", flat=True)) == ["landed", "refused", "refused"]


def test_an_empty_file_is_refused_at_once_and_nothing_is_kept(doudi_home):
    with pytest.raises(Refusal) as caught:
        sent(ROLL, b"")
    assert caught.value.code == "exchange.empty"
    assert list((doudi_home / "office" / "uploads").iterdir()) == []


def test_a_file_that_is_too_large_is_refused_and_nothing_is_kept(doudi_home, settings):
    settings.DOUDI_UPLOAD_BYTES = 1000
    with pytest.raises(Refusal) as caught:
        sent(ROLL, roll(100))
    assert caught.value.code == "exchange.too_large"
    assert list((doudi_home / "office" / "uploads").iterdir()) == []
    assert Upload.objects.count() == 0


def test_a_department_sends_its_own_feeds_only():
    assert landed(SETTLED, settlements(), ZHENG).state == "landed"
    other = landed(SETTLED, settlements(4), FENG)
    assert (other.state, other.code) == ("refused", "exchange.other_department")


def test_news_of_a_landing_are_told_once(monkeypatch):
    told = []
    monkeypatch.setitem(events._WIRED, "exchange.landed", [told.append])
    upload = landed(ROLL, roll())
    landed(ROLL, roll())
    assert [event.facts["batches"] for event in told] == [[upload.batch_id]]


def test_each_step_stands_in_the_journal():
    upload = landed(ROLL, roll())
    with whole_city():
        acts = list(Entry.objects.filter(subject=str(upload.pk)).order_by("id").values_list("actor", "detail"))
    assert [(actor, detail.get("move")) for actor, detail in acts] == [
        ("zhangmin", None), ("landing", "开始入库"), ("landing", "入库完成"),
    ]  # fmt: skip


def test_progress_is_seen_while_the_file_is_read(monkeypatch):
    seen = []
    real = Upload.objects.filter

    def watched(*args, **kwargs):
        found = real(*args, **kwargs)
        update = found.update
        found.update = lambda **changes: (
            seen.append(changes["done"]) if set(changes) == {"done"} else None,
            update(**changes),
        )[1]
        return found

    monkeypatch.setattr(Upload.objects, "filter", watched)
    upload = landed(ROLL, roll())
    assert seen == [upload.size]


# ── death ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def stuck(upload, attempts=1):
    Upload.objects.filter(pk=upload.pk).update(state="landing", attempts=attempts)


def test_what_a_dead_landing_held_is_put_back_and_lands():
    upload = sent(ROLL, roll())
    stuck(upload)
    assert services.put_back(at=AT) == 1
    services.land_waiting(at=AT)
    upload.refresh_from_db()
    assert (upload.state, upload.attempts) == ("landed", 2)


def test_nothing_is_put_back_while_somebody_lands(doudi_home):
    upload = sent(ROLL, roll())
    stuck(upload)
    with (doudi_home / "office" / "landing.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert services.put_back(at=AT) == 0
        assert services.land_waiting(at=AT) == []
    upload.refresh_from_db()
    assert upload.state == "landing"


def test_a_file_that_kills_three_times_is_refused_and_kept():
    upload = sent(ROLL, roll())
    stuck(upload, attempts=3)
    services.put_back(at=AT)
    upload.refresh_from_db()
    assert (upload.state, upload.code) == ("refused", "exchange.gave_up")
    assert store.sealed_file(upload.pk).exists()


def test_what_landed_before_the_tables_knew_is_entered_at_the_next_turn():
    upload = landed(ROLL, roll())
    Upload.objects.update(state="refused", batch=None)
    Sender.objects.all().delete()
    Batch.objects.all().delete()
    assert services.land_waiting(at=AT) == [f"dibao_roll_2026-03_r1_{upload.batch_id[-10:]}"]


def test_sealed_files_that_nobody_entered_are_removed_after_a_day():
    kept, lost = sent(ROLL, roll()), store.seal_chunks([b"x"])
    services.put_back(at=right_now())
    assert store.sealed_file(lost.upload).exists()
    services.put_back(at=right_now() + dt.timedelta(days=2))
    assert not store.sealed_file(lost.upload).exists()
    assert store.sealed_file(kept.pk).exists()


def test_while_another_program_lands_here_files_wait(doudi_home):
    upload = sent(ROLL, roll())
    with (doudi_home / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Refusal) as caught:
            services.land_waiting(at=AT)
        assert caught.value.code == "landing.busy"
    upload.refresh_from_db()
    assert upload.state == "received"


def worker(home, **more):
    """A real worker process, as the supervisor starts it."""
    environment = {
        **os.environ, "DOUDI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "doudi.office.config.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **more,
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "2"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_a_landing_loses_nothing(doudi_home):
    content = roll(900)
    big = content + b"".join(line + b"\n" for _ in range(150) for line in content.splitlines()[1:])
    upload = sent(ROLL, big)
    first = worker(doudi_home)
    try:
        assert eventually(lambda: Upload.objects.get(pk=upload.pk).state == "landing")
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert Upload.objects.get(pk=upload.pk).state == "landing"
    assert ProcrastinateJob.objects.filter(task_name="exchange.land", status="doing").count() == 1
    with connection.cursor() as cursor:  # as if its heartbeat had been silent for a minute
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'")
    second = worker(doudi_home)
    try:
        assert eventually(lambda: Upload.objects.get(pk=upload.pk).state == "landed")
    finally:
        second.terminate()
        second.wait(LONGEST)
    upload.refresh_from_db()
    assert upload.batch.physical == big.count(b"\n")
    assert Batch.objects.count() == 1
