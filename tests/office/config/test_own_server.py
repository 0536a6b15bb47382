"""The server that an installation brings: begun once, found again, never begun anew over what somebody may miss."""

import shutil

import pytest

from doudi.errors import Refusal
from doudi.office.config import places, postgres
from office.opened import LONGEST

pytestmark = pytest.mark.slow


def test_a_torn_beginning_of_a_database_is_made_anew(tmp_path):
    place = places.places(tmp_path)
    postgres._prepare(place)
    for last in (place.data / "global" / "pg_control", *postgres._marks(place)):  # written last, so not there yet
        last.unlink()
    postgres.stop(postgres.start(place))
    postgres.erase(place)
    assert not place.base.exists()


def test_data_of_an_earlier_home_at_this_place_are_not_taken_over(tmp_path):
    place = places.places(tmp_path / "home")
    postgres.stop(postgres.start(place))
    (tmp_path / "home").rename(tmp_path / "put-aside")
    if place.servant is None:
        pytest.skip("here the data went with the home")
    with pytest.raises(Refusal, match="那个目录可能删过又重建"):
        postgres.start(place)
    shutil.rmtree(tmp_path / "home")
    (tmp_path / "put-aside").rename(tmp_path / "home")
    postgres.stop(postgres.start(place))
    postgres.erase(place)


def test_a_database_that_is_gone_is_not_begun_anew_unasked(tmp_path):
    place = places.places(tmp_path)
    postgres.stop(postgres.start(place))
    shutil.rmtree(place.data)
    with pytest.raises(Refusal, match="现在不见了"):
        postgres.start(place)
    postgres.erase(place)
    postgres.stop(postgres.start(place))
    postgres.erase(place)


def test_a_server_that_runs_on_is_stopped_before_the_next(tmp_path):
    place = places.places(tmp_path)
    left = postgres.start(place)
    after = postgres.start(place)
    assert left.wait(LONGEST) == 0
    assert postgres.runs(place)
    postgres.stop(after)
    assert not postgres.runs(place)
    postgres.erase(place)


def test_a_folder_that_somebody_else_laid_out_is_refused(tmp_path):
    place = places.places(tmp_path)
    place.base.symlink_to(tmp_path)
    try:
        with pytest.raises(Exception, match="不是本账号建立的"):
            postgres.start(place)
    finally:
        place.base.unlink()
    shutil.rmtree(tmp_path / "office")
