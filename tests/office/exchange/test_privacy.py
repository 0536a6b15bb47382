"""隐私：种下的证件号和姓名，经网页交来、由后台入库之后，转储、数据目录、预写日志、家目录、日志里一处也找不到。

The search is first shown to find what stands in clear, in each encoding.
"""

import base64
import os
import signal
import subprocess
import sys
import time
from itertools import chain

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

import personas
from doudi.office.common.scope import whole_city
from doudi.office.config import places, postgres
from doudi.office.exchange import selectors
from doudi.office.exchange.models import Upload
from landing.files import DIBAO, csv_text, dibao_line, valid_id
from office.opened import LONGEST

GOOD, BAD = valid_id(771, born="19530707"), "370502195307077" + "123"
NAME = "尉迟皓月"
PLANTED = (GOOD, BAD, NAME)
ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


def traces(*words):
    """Each word as bytes in every encoding, plain, in hex of both cases, and in base64 wherever it begins in a line."""
    for word in words:
        for encoding in ENCODINGS:
            content = word.encode(encoding)
            yield content
            yield content.hex().encode()
            yield content.hex().upper().encode()
            for shift in range(3):
                coded = base64.b64encode(bytes(shift) + content)
                yield coded[(0, 2, 3)[shift] : len(coded) - 4]


def found(words, *parts):
    """Where one of the words stands; `parts` are (name, bytes)."""
    sought = set(traces(*words))
    return sorted({name for name, content in chain(*parts) if any(trace in content for trace in sought)})


def files(folder, *without):
    for path in folder.rglob("*"):
        yield "a name", os.fsencode(path.name)
        if path.is_file() and not any(path.is_relative_to(each) for each in without):
            yield str(path.relative_to(folder)), path.read_bytes()


def dump(server, name):
    """What pg_dump tells of the database, as the administrator, who passes all row-level security."""
    command = [places.binaries() / "pg_dump", "-h", server.host, "-U", postgres.SUPERUSER, name]
    yield "pg_dump", subprocess.run(command, check=True, capture_output=True).stdout


def settle(server):
    with server.enter("postgres", postgres.SUPERUSER) as door:
        door.execute("CHECKPOINT")


def test_the_search_finds_what_stands_in_clear(own_office_db, office_server, owner_db):
    word = "独孤明镜370502195808080000"
    owner_db.execute("CREATE TABLE plain (words text, bytes bytea)")
    owner_db.execute("INSERT INTO plain VALUES (%s, %s)", (word, word.encode("gb18030")))
    owner_db.execute("INSERT INTO plain VALUES (%s, NULL)", (base64.b64encode(b"xy" + word.encode()).decode(),))
    settle(office_server)
    assert found([word], dump(office_server, own_office_db)) == ["pg_dump"]
    assert any(name.startswith("pg_wal") for name in found([word], files(office_server.place.data)))
    assert any(name.startswith("base") for name in found([word], files(office_server.place.data)))
    assert found([word], [("line", base64.b64encode(b"x" + word.encode("utf-16-le")))]) == ["line"]


@pytest.fixture
def landed_by_the_worker(own_office_db, doudi_home, tmp_path):
    """A roll with the plants in good and bad lines, in a free column and in its file's name; and what the worker said."""
    with whole_city():
        personas.divisions()
        client = personas.log_in(Client(), "张敏")
    lines = [
        dibao_line(771) | {"公民身份号码": GOOD, "姓名": NAME, "低保证号": f"D{GOOD}"},
        dibao_line(772) | {"公民身份号码": BAD, "姓名": NAME},
        dibao_line(773) | {"收入类别": NAME},
    ]  # fmt: skip
    roll = SimpleUploadedFile(f"{NAME}{GOOD}_2026-03.csv", csv_text(DIBAO, lines).encode())
    broken = SimpleUploadedFile(f"{NAME}_2026-04.csv", f"{NAME},{GOOD}\n{BAD},1\n".encode())
    assert client.post("/exchange/upload", {"files": [roll, broken]}).status_code == 302
    log, temporary = tmp_path / "worker.log", tmp_path / "temporary"
    temporary.mkdir()
    environment = {
        **os.environ, "DOUDI_HOME": str(doudi_home), "DJANGO_SETTINGS_MODULE": "doudi.office.config.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TMPDIR": str(temporary),
    }  # fmt: skip
    with log.open("wb") as out:
        worker = subprocess.Popen(
            [sys.executable, "-m", "django", "procrastinate", "worker"], env=environment, stdout=out, stderr=out
        )
    try:
        end = time.monotonic() + LONGEST
        while Upload.objects.filter(state__in=("received", "landing")).exists() and time.monotonic() < end:
            time.sleep(0.1)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(LONGEST)
    assert sorted(Upload.objects.values_list("state", flat=True)) == ["landed", "refused"]
    for page in ("/exchange/", "/exchange/batches/", "/exchange/coverage"):
        assert client.get(page).status_code == 200
    return client, tmp_path


@pytest.mark.slow
def test_a_planted_id_and_name_stand_nowhere_in_plain(landed_by_the_worker, own_office_db, office_server, doudi_home):
    client, around = landed_by_the_worker
    batch = Upload.objects.get(state="landed").batch_id
    with selectors.open_vault() as vault:
        key = vault.key_of(GOOD)
        assert vault.people([key]) == {key: (GOOD, NAME)}
    page = client.get(f"/exchange/batches/{batch}").content.decode()
    assert BAD not in page
    assert GOOD in page.split("<aside")[-1]  # the name of her own file, as she wrote it
    connection.close()
    settle(office_server)
    places_ = (
        dump(office_server, own_office_db),
        files(office_server.place.data),
        files(doudi_home, doudi_home / "keys"),
        files(around),
        [("server's log", office_server.place.log.read_bytes())],
    )
    assert found(PLANTED, *places_) == []
