"""The small city that tests of whole pages stand on is what they take it for."""

from django.db.models import Count

from doudi.office.common.scope import whole_city
from doudi.office.exchange.models import Hold, Upload
from doudi.office.monitoring.models import Alert, Run
from doudi.office.registry.models import Person


def test_every_file_landed_and_one_run_told_of_alerts_of_every_level(city_db):
    with whole_city():
        assert set(Upload.objects.values_list("state", flat=True)) == {"landed"}
        assert list(Run.objects.values_list("state", flat=True)) == ["finished"]
        levels = dict(Alert.objects.values_list("level").annotate(Count("pk")))
        assert Person.objects.filter(present=True).count() > 1_900
    assert set(levels) == {"红", "橙", "蓝"}


def test_a_delivery_that_shrank_waits_for_a_person(city_db):
    assert list(Hold.objects.values_list("state", flat=True)) == ["held"]


def test_what_one_test_does_to_the_city_is_not_there_for_the_next(city_db):
    with whole_city():
        assert Upload.objects.update(state="refused") > 1
