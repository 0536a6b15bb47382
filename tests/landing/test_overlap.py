"""前后脚：同时做的几件事，次序和结果都与一件一件做时一样。"""

import threading

import pytest

from doudi.landing.overlap import Following, Foreseen
from landing.files import dibao_line
from landing.homes import fates_of, landed, roll


def test_a_few_answers_are_worked_out_before_they_are_asked_for_and_not_all():
    begun = []
    with Foreseen({number: lambda number=number: begun.append(number) or number for number in range(20)}) as foreseen:
        assert foreseen.of(0) == foreseen.of(0) == 0
        assert [foreseen.of(number) for number in (1, 2)] == [1, 2]
    assert begun == list(range(len(begun)))
    assert 3 <= len(begun) < 10


def test_whoever_asks_is_told_what_went_wrong_and_the_next_is_answered():
    with Foreseen({"bad": lambda: 1 // 0, "good": lambda: 1}) as foreseen:
        with pytest.raises(ZeroDivisionError):
            foreseen.of("bad")
        assert foreseen.of("good") == 1


def test_work_is_done_one_after_another_in_the_order_in_which_it_was_begun():
    done, may_go = [], threading.Event()
    with Following() as following:
        following.begin(lambda: may_go.wait(10) and done.append(1))
        assert done == []
        may_go.set()
        following.begin(lambda: done.append(2))
    assert done == [1, 2]


def test_what_goes_wrong_is_raised_when_the_work_is_waited_for():
    with pytest.raises(ZeroDivisionError), Following() as following:
        following.begin(lambda: 1 // 0)
    with Following() as following:
        following.begin(lambda: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            following.wait()
        following.wait()


def test_the_same_bytes_twice_in_one_landing_land_once(doudi_home, tmp_path):
    first = roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1), dibao_line(2)])
    again = roll(tmp_path, "dibao_roll_2026-03_part2.csv", [dibao_line(1), dibao_line(2)])
    assert [fates_of(file) for file in landed(doudi_home, first, again)] == [(2, 0, 0, 0), (0, 2, 0, 0)]


def test_a_file_sees_the_one_before_it_though_that_was_finished_beside_it(doudi_home, tmp_path):
    files = [
        roll(tmp_path, f"dibao_roll_2026-03_part{part}.csv", [dibao_line(1), dibao_line(part + 1)])
        for part in range(1, 5)
    ]
    assert [fates_of(file) for file in landed(doudi_home, *files)] == [(2, 0, 0, 0), *[(1, 1, 0, 0)] * 3]
