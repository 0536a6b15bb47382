"""Every error ends as one sentence and an exit code."""

import pytest

from cli.door import assert_refused, doudi
from doudi.cli import clock, edge, policy
from doudi.errors import Fault, Gap, Refusal
from doudi.readout import masks


def failing(monkeypatch, error):
    def raises(*_):
        raise error

    monkeypatch.setattr(policy, "check_book", raises)
    return doudi("policy", "check")


@pytest.mark.parametrize("kind", [Refusal, Gap])
def test_what_the_user_can_act_on_is_its_sentence(monkeypatch, kind):
    assert_refused(failing(monkeypatch, kind("a.b", "请先这样做。")), "请先这样做。", code=1)


def test_our_own_error_says_so_with_its_code(monkeypatch):
    assert_refused(failing(monkeypatch, Fault("a.broken", "账不平。")), "账不平。", "我们程序的错", "a.broken", code=70)


def test_a_disk_that_fails_is_the_users_to_mend(monkeypatch):
    assert_refused(failing(monkeypatch, OSError(28, "No space left on device", "var/x")), "var/x", "空间", code=1)


def test_an_error_nobody_foresaw_shows_its_kind_but_not_its_text(monkeypatch):
    answer = failing(monkeypatch, ValueError("370502199001011234 张三"))
    assert_refused(answer, "cli.ValueError", code=70)
    assert "370502199001011234" not in answer.err


def test_a_traceback_is_shown_to_who_asks_for_it(monkeypatch):
    monkeypatch.setenv("DOUDI_TRACEBACK", "1")
    assert "Traceback" in failing(monkeypatch, ValueError("x")).err


def test_an_interrupted_command_says_nothing_and_exits_130(monkeypatch):
    answer = failing(monkeypatch, KeyboardInterrupt())
    assert (answer.code, answer.out) == (130, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["decide"], "还缺"),
        (["decide", "x.yaml", "--jsn"], "没有 --jsn 这个选项。是不是 --json"),
        (["polcy"], "用法见 doudi --help"),
        (["demo", "out", "--persons", "many"], "--persons"),
        (["alerts", "--format", "pdf"], "--format"),
        (["rejects", "--limit", "-1"], "--limit"),
    ],
)
def test_a_command_written_wrong_is_told_how_in_chinese(words, said):
    assert_refused(doudi(*words), said, code=64)


def test_without_words_the_command_says_what_it_can_do():
    answer = doudi()
    assert "monitor" in answer.out + answer.err


def test_every_exit_code_is_explained():
    assert {edge.REFUSED, edge.REFUSED_FILE, edge.USAGE, edge.FAULT, edge.INTERRUPTED, 0} == set(edge.EXIT_CODES)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-04-10", "2026-04-10T23:59:59.999999+08:00"),
        ("2026-04-10T08:00", "2026-04-10T08:00:00.000000+08:00"),
        ("2026-04-10T00:00:00+00:00", "2026-04-10T08:00:00.000000+08:00"),
        (None, None),
    ],
)
def test_a_time_of_receipt_is_beijing_time_and_a_day_means_its_last_moment(typed, meant):
    assert clock.moment(typed) == meant


def test_this_moment_compares_with_a_typed_one_as_their_texts_do():
    assert clock.moment("2020-01-01") < clock.right_now() < clock.moment("2199-01-01")


@pytest.mark.parametrize("typed", ["昨天", "2026-13-01", "2026-02-30"])
def test_a_day_that_is_none_is_refused(typed):
    assert_refused(doudi("policy", "show", "--at", typed), typed)


@pytest.mark.parametrize(
    ("person_id", "shown"),
    [("370502199001011234", "3705**********1234"), ("37050219900101123X", "3705**********123X"), ("12", "**")],
)
def test_an_id_is_masked(person_id, shown):
    assert masks.masked_id(person_id) == shown


@pytest.mark.parametrize(("name", "shown"), [("张三", "张*"), ("欧阳小明", "欧***"), ("张", "张*")])
def test_a_name_is_masked(name, shown):
    assert masks.masked_name(name) == shown
