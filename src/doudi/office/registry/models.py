"""The tables of the registry: households, persons, the search's tokens, and what a run brought in all."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

__all__ = ["Household", "Person", "PopulationCount", "SearchToken", "TakeOver"]


class _Placed(models.Model):
    """What makes a row somebody's: the three divisions by which a viewer may see it, twelve digits each."""

    hukou_division = models.BigIntegerField("户籍地")
    residence_division = models.BigIntegerField("居住地")
    managing_division = models.BigIntegerField("管理地")
    tiers: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=24), verbose_name="在册类别")
    run_day = models.DateField("最近变动的监测日")
    present = models.BooleanField("在册", default=True)

    class Meta:
        abstract = True


class Household(_Placed):
    """户。One household of the city; `ref` names it in addresses and is never given to another one.

    `run_day` is the day of the run that last changed anything of it. A household that a later run no longer knows stays,
    with `present` false. `hukou_kind`: 城镇 or 农村, null when the population roll does not name the head.
    """

    household_key = models.BigIntegerField(primary_key=True)
    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    household_no_token = models.BigIntegerField("户号代号", null=True)
    head_key = models.BigIntegerField("户主")
    members = models.IntegerField("人数")
    hukou_kind = models.CharField("城乡类别", max_length=4, null=True)  # noqa: DJ001 - null = not recorded, '' would be a word

    class Meta:
        db_table = "registry_household"
        default_permissions = ()
        indexes = (
            models.Index(fields=["hukou_division", "household_key"], name="household_by_hukou"),
            models.Index(fields=["residence_division", "household_key"], name="household_by_residence"),
            models.Index(fields=["managing_division", "household_key"], name="household_by_managing"),
            models.Index(fields=["household_no_token"], name="household_by_no"),
        )


class Person(_Placed):
    """人。One person of a household, without a name and without an id: both stand in the vault under `person_key`.

    `ref` is the person_ref. `name_token` tells that a name changed and nothing else; null when the population roll does
    not name the person. `birth` and `male` are null when no register tells them.
    """

    person_key = models.BigIntegerField(primary_key=True)
    ref = models.UUIDField(unique=True, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="people", db_index=False)
    is_head = models.BooleanField("户主")
    birth = models.DateField("出生日期", null=True)
    male = models.BooleanField("男", null=True)
    registered = models.BooleanField("人口库有登记")
    name_token = models.BigIntegerField(null=True)

    class Meta:
        db_table = "registry_person"
        default_permissions = ()
        indexes = (
            models.Index(fields=["household", "person_key"], name="person_of_household"),
            models.Index(fields=["hukou_division", "person_key"], name="person_by_hukou"),
            models.Index(fields=["residence_division", "person_key"], name="person_by_residence"),
            models.Index(fields=["managing_division", "person_key"], name="person_by_managing"),
        )


class SearchToken(models.Model):
    """查找代号。One row per keyed digest of what a person may be searched by, and per distinct division of the person."""

    pk = models.CompositePrimaryKey("token", "division", "person_key")
    token = models.BigIntegerField()
    division = models.BigIntegerField()
    person_key = models.BigIntegerField(db_index=True)  # no foreign key: millions of rows written at once by one office

    class Meta:
        db_table = "registry_search_token"
        default_permissions = ()


class PopulationCount(models.Model):
    """人口数。Households and persons present, by managing division and tier; tier '' counts all of the division.

    By the managing division alone, so that divisions side by side add up to the one above.
    """

    pk = models.CompositePrimaryKey("division", "tier")
    division = models.BigIntegerField("管理地")
    tier = models.CharField("在册类别", max_length=24)
    households = models.IntegerField("户数")
    persons = models.IntegerField("人数")

    class Meta:
        db_table = "registry_population_count"
        default_permissions = ()


class TakeOver(models.Model):
    """接收。One taking over of a run's population: the day it speaks of, when it was made, how many it named."""

    run_day = models.DateField("监测日")
    at = models.DateTimeField("接收时间")
    households = models.IntegerField("户数")
    persons = models.IntegerField("人数")
    retokened = models.IntegerField("重建查找代号的人数")

    class Meta:
        db_table = "registry_take_over"
        default_permissions = ()
        indexes = (models.Index(fields=["-at"], name="take_over_latest"),)
