"""Every form × every nasty value: a sentence or an ordinary answer, what was typed is kept, never a fault of ours."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import personas
from doudi.office.common.scope import whole_city
from office import samples
from office.nasty import KINDS, turns

# Address → who sends it, what its address names, its fields with something harmless in each.
FORMS = {
    "login": ("", (), {"login": "zhangmin", "password": "x"}),
    "registry:search": ("张敏", (), {"q": "王芳"}),
    "registry:reveal": ("张敏", ("household", "head"), {"why": "核实预警所指的人"}),
    "monitoring:find": ("张敏", (), {"q": "王芳"}),
    "monitoring:save_view": ("张敏", (), {"name": "红色", "query": "level=红"}),
    "monitoring:export": ("张敏", (), {"query": "", "pick": "", "format": "csv"}),
    "monitoring:ask_run": ("张敏", (), {"day": "2026-06-30"}),
    "exchange:again": ("周涛", ("upload",), {"feed": "", "month": "2026-06"}),
    "exchange:hold": ("周涛", ("hold",), {"move": "放行", "why": "已向部门核实"}),
    "accounts:ask_change": ("秦系", ("user",), {"kind": "unlock", "why": "本人来电", "role": "", "division": ""}),
    "accounts:new_user": (
        "秦系",
        ("organisation",),
        {"login": "x1", "shown_name": "新人", "staff_no": "1", "role": "town_officer", "division": "370502001000"},
    ),
    "accounts:organisations": ("秦系", (), {"name": "新单位", "kind": "民政", "division": "370502000000"}),
    "accounts:supervision": (
        "秦系",
        (),
        {
            "supervisor": "1",
            "notice_no": "一号",
            "purpose": "查",
            "division": "370500000000",
            "from_day": "2026-07-01",
            "until_day": "2026-07-31",
        },
    ),
    "accounts:password": ("张敏", (), {"old": "x", "new": "y", "again": "y"}),
    "api:clients": (
        "秦系",
        (),
        {
            "name": "省平台",
            "code": "province",
            "organisation": "1",
            "role": "city_officer",
            "division": "370500000000",
            "purpose": "监测",
        },
    ),
    "messages:kinds": ("张敏", (), {"kind": "digest", "wants": "0"}),
    "messages:read": ("张敏", ("message",), {"list": "show=unread"}),
    "messages:unread": ("张敏", ("message",), {"list": "show=unread"}),
    "messages:read_all": ("张敏", (), {"newest": "1"}),
    "messages:unread_again": ("张敏", (), {"moment": "1"}),
    "ui:size": ("张敏", (), {"size": "large", "next": "/"}),
}

# Lists that are asked by address: each of its words is asked nastily.
LISTS = {
    "monitoring:alerts": (
        "张敏",
        (
            "view",
            "level",
            "status",
            "place",
            "indicator",
            "disposition",
            "age",
            "order",
            "size",
            "after",
            "before",
            "stale",
            "found",
        ),
    ),
    "api:v1:alerts": ("张敏", ("view", "level", "place", "indicator", "age", "order", "size", "after", "x")),
    "api:v1:counts": ("张敏", ("by", "place", "status", "disposition")),
    "api:v1:divisions": ("张敏", ("parent",)),
    "oversight:journal": ("许审", ("who", "act", "kind", "subject", "since", "until", "outcome", "after")),
    "exchange:batches": ("张敏", ("feed", "period", "after", "page")),
    "exchange:coverage": ("张敏", ("feed", "department", "state", "county")),
    "exchange:uploads": ("张敏", ("feed", "month")),
    "accounts:users": ("秦系", ("q", "role", "state", "after")),
    "divisions:divisions": ("秦系", ("q",)),
    "messages:messages": ("张敏", ("show", "kind", "after", "before", "read")),
    "login": ("", ("next", "left")),
}

NAMED = {
    "portal:dashboard_of": "张敏",
    "monitoring:alert": "张敏",
    "monitoring:run": "张敏",
    "exchange:batch": "张敏",
    "exchange:hold": "张敏",
    "documents:export": "张敏",
    "messages:message": "张敏",
    "oversight:entry": "许审",
    "accounts:user": "秦系",
    "divisions:division": "秦系",
}


_PLAIN = "application/x-www-form-urlencoded"


def at_the_desk(name):
    client = Client(raise_request_exception=False)
    if not name:
        return client
    with whole_city():
        return personas.log_in(client, name)


def fine(answer):
    """No fault of ours, and nobody is told how the house is built."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code < 500 and b"Traceback" not in body


def one_by_one(fields):
    """Each field with a value of each kind, alone."""
    return [(f"{field} {word}", {field: value}) for field in fields for word, value in KINDS.items()]


def test_every_form_takes_whatever_is_typed(city_db):
    wrong = []
    for address, (name, named, fields) in FORMS.items():
        found = samples.of(name or "张敏")
        path, client = reverse(address, args=[found[each] for each in named]), at_the_desk(name)
        for word, typed in [*one_by_one(fields), *turns(fields)]:
            answer = client.post(path, fields | typed)
            if not fine(answer):
                wrong.append(f"{address} {word}: {answer.status_code}")
        twice = client.post(path, {field: [value, value] for field, value in fields.items()})
        wrong += [] if fine(twice) else [f"{address} twice: {twice.status_code}"]
        torn = client.post(path, "&".join(f"{field}=%ED%A0%80%FF" for field in fields), content_type=_PLAIN)
        wrong += [] if fine(torn) else [f"{address} torn letters: {torn.status_code}"]
    assert not wrong, "\n".join(wrong)


# Forms whose empty answer is an ordinary page elsewhere: the sentence stands there, or leaving it empty is no mistake.
SENT_ON = {"monitoring:find", "monitoring:save_view"}
EMPTY_IS_FINE = {
    "monitoring:export", "monitoring:ask_run", "messages:read", "messages:unread", "messages:read_all",
    "messages:unread_again", "ui:size",
}  # fmt: skip
SAID = ('role="alert"', "field-error", "search-error", "upload-error")


def test_every_form_that_comes_empty_is_answered_with_a_sentence(city_to_look_at):
    silent = []
    for address, (name, named, fields) in FORMS.items():
        if address in EMPTY_IS_FINE:
            continue
        pressed = {"move": fields["move"]} if "move" in fields else {}  # a button always says which it is
        found = samples.of(name or "张敏")
        path = reverse(address, args=[found[each] for each in named])
        answer = at_the_desk(name).post(path, pressed, follow=address in SENT_ON)
        body = answer.content.decode()
        if not any(word in body for word in SAID):
            silent.append(f"{address}: {answer.status_code}")
    assert not silent, "\n".join(silent)


@pytest.mark.parametrize(
    ("address", "name", "missing"),
    [
        ("accounts:organisations", "秦系", ("请填机构名称。", "请选机构类别。", "请填所在区划。")),
        ("accounts:new_user", "秦系", ("请填登录名。", "请填姓名。", "请选岗位角色。")),
        ("accounts:supervision", "秦系", ("请选监督人员。", "请填通知书文号。", "请填起始日。")),
        ("accounts:password", "张敏", ("请填现在的密码。", "请填新密码。")),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_above_the_form(city_to_look_at, address, name, missing):
    named = [samples.of(name)[each] for each in FORMS[address][1]]
    answer = at_the_desk(name).post(reverse(address, args=named), {})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert {sentence: body.count(sentence) for sentence in missing} == dict.fromkeys(missing, 2)


def test_every_list_takes_whatever_stands_in_its_address(city_to_look_at):
    wrong = []
    for address, (name, words) in LISTS.items():
        path, client = reverse(address), at_the_desk(name)
        for word, asked in [*one_by_one(words), *turns(words, longest=6_000)]:  # no address carries more
            answer = client.get(path, asked)
            wrong += [] if fine(answer) else [f"{address} {word}: {answer.status_code}"]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("address", NAMED)
def test_an_address_that_names_nothing_is_not_found(city_to_look_at, address):
    client = at_the_desk(NAMED[address])
    base = "/" + {"portal:dashboard_of": "dashboard"}.get(
        address, reverse(address, args=["1"]).strip("/").rsplit("/", 1)[0]
    )
    for word in ("0", "-1", "9" * 40, "x", "%00", "..%2f..%2fetc", "' OR 1=1", "%F0%9F%91%B5", "a" * 3_000):
        answer = client.get(f"{base.rstrip('/')}/{word}".replace("//", "/"))
        whole_country = (address, word) == ("divisions:division", "0")
        assert answer.status_code in ({200} if whole_country else {302, 404}), (address, word, answer.status_code)


FILES = {
    "空": b"",
    "一个字节": b"\x00",
    "纯随机": bytes(range(256)) * 40,
    "只有表头": "姓名,公民身份号码\n".encode("gb18030"),
    "长行": b"a" * 3_000_000,
    "坏压缩包": b"PK\x03\x04" + b"\x00" * 500,
    "坏旧表": b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
    "公式": b'=1+1,"=cmd"\n',
    "零字符": b"a,b\n\x00,\x00\n",
}


def test_every_upload_is_taken_or_refused_with_a_sentence(city_db):
    client, wrong = at_the_desk("张敏"), []
    for word, content in FILES.items():
        for name in (
            "x.csv",
            "x.xlsx",
            "x.xls",
            "x.parquet",
            "x.exe",
            "../../x.csv",
            "长" * 300 + ".csv",
            "a\x00b.csv",
        ):
            sent = SimpleUploadedFile(name, content, "text/csv")
            answer = client.post(reverse("exchange:upload"), {"files": sent})
            wrong += [] if fine(answer) else [f"{word} {name!r}: {answer.status_code}"]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("address", "name", "fields", "kept"),
    [
        ("login", "", {"login": "没有这个人", "password": "x"}, "没有这个人"),
        ("registry:search", "张敏", {"q": "张"}, 'value="张"'),
        ("accounts:organisations", "秦系", {"name": "新单位甲", "kind": "没有这种", "division": "x"}, "新单位甲"),
        (
            "accounts:supervision",
            "秦系",
            {"notice_no": "某审通一号", "purpose": "查一查", "division": "x"},
            "某审通一号",
        ),
    ],
)
def test_what_was_typed_is_kept_beside_a_sentence(city_to_look_at, address, name, fields, kept):
    answer = at_the_desk(name).post(reverse(address), fields)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert kept in body
    assert "field-error" in body or "message-bad" in body or "search-error" in body
