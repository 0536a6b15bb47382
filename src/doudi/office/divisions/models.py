"""The divisions and what became of them. Nothing here is personal."""

from typing import ClassVar, Final

from django.db import models

__all__ = ["Division", "DivisionChange", "Edition"]

LEVELS: Final = {"province": "省", "city": "市", "county": "县区", "town": "乡镇（街道）", "village": "村（社区）"}


class Division(models.Model):
    """行政区划。One division; `valid_from` null = since before the table was kept, `valid_until` null = in force."""

    code = models.BigIntegerField("代码", primary_key=True)
    name = models.CharField("名称", max_length=80)
    level = models.CharField("级别", max_length=8, choices=list(LEVELS.items()))
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="below", verbose_name="上级")
    valid_from = models.DateField("启用", null=True)
    valid_until = models.DateField("停用", null=True)

    class Meta:
        db_table = "divisions_division"
        default_permissions = ()
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(name="division_level", condition=models.Q(level__in=list(LEVELS))),
            models.CheckConstraint(name="division_code", condition=models.Q(code__gt=0, code__lt=10**12)),
            models.CheckConstraint(
                name="division_period",
                condition=models.Q(valid_from=None)
                | models.Q(valid_until=None)
                | models.Q(valid_from__lte=models.F("valid_until")),
            ),
        ]


class DivisionChange(models.Model):
    """区划沿革。One old code and what became of it; a merge has a row for each old code, a split one for each new code.

    `new_code` null = abolished without a successor, `old_code` null = new. `ground` is the notice's number.
    """

    KINDS: ClassVar = {
        "merged": "合并",
        "renamed": "更名",
        "split": "分设",
        "founded": "新设",
        "abolished": "撤销",
        "recoded": "变更代码",
    }

    day = models.DateField("生效日期")
    kind = models.CharField("变更种类", max_length=10, choices=list(KINDS.items()))
    old_code = models.BigIntegerField("原代码", null=True, db_index=True)
    old_name = models.CharField("原名称", max_length=80, default="")
    new_code = models.BigIntegerField("现代码", null=True, db_index=True)
    new_name = models.CharField("现名称", max_length=80, default="")
    ground = models.CharField("依据", max_length=120, default="")

    class Meta:
        db_table = "divisions_change"
        default_permissions = ()
        ordering: ClassVar = ["-day", "old_code", "new_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "kind", "old_code", "new_code"], name="division_change_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="division_change_tells",
                condition=models.Q(old_code__isnull=False) | models.Q(new_code__isnull=False),
            ),
        ]


class Edition(models.Model):
    """区划表的版次。One row: it moves whenever a division is written, and every process drops its cache when it sees that."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField("版次", default=0)

    class Meta:
        db_table = "divisions_edition"
        default_permissions = ()
        constraints: ClassVar = [models.CheckConstraint(name="division_edition_single", condition=models.Q(id=1))]
