"""The tables of divisions."""
# fmt: off

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name="DivisionChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="生效日期")),
                ("kind", models.CharField(choices=[("merged", "合并"), ("renamed", "更名"), ("split", "分设"), ("founded", "新设"), ("abolished", "撤销"), ("recoded", "变更代码")], max_length=10, verbose_name="变更种类")),
                ("old_code", models.BigIntegerField(db_index=True, null=True, verbose_name="原代码")),
                ("old_name", models.CharField(default="", max_length=80, verbose_name="原名称")),
                ("new_code", models.BigIntegerField(db_index=True, null=True, verbose_name="现代码")),
                ("new_name", models.CharField(default="", max_length=80, verbose_name="现名称")),
                ("ground", models.CharField(default="", max_length=120, verbose_name="依据")),
            ],
            options={
                "db_table": "divisions_change",
                "ordering": ["-day", "old_code", "new_code"],
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("day", "kind", "old_code", "new_code"), name="division_change_once", nulls_distinct=False), models.CheckConstraint(condition=models.Q(("old_code__isnull", False), ("new_code__isnull", False), _connector="OR"), name="division_change_tells")],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0, verbose_name="版次")),
            ],
            options={
                "db_table": "divisions_edition",
                "default_permissions": (),
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="division_edition_single")],
            },
        ),
        migrations.CreateModel(
            name="Division",
            fields=[
                ("code", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="代码")),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("level", models.CharField(choices=[("province", "省"), ("city", "市"), ("county", "县区"), ("town", "乡镇（街道）"), ("village", "村（社区）")], max_length=8, verbose_name="级别")),
                ("valid_from", models.DateField(null=True, verbose_name="启用")),
                ("valid_until", models.DateField(null=True, verbose_name="停用")),
                ("parent", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="below", to="divisions.division", verbose_name="上级")),
            ],
            options={
                "db_table": "divisions_division",
                "ordering": ["code"],
                "default_permissions": (),
                "constraints": [models.CheckConstraint(condition=models.Q(("level__in", ["province", "city", "county", "town", "village"])), name="division_level"), models.CheckConstraint(condition=models.Q(("code__gt", 0), ("code__lt", 1000000000000)), name="division_code"), models.CheckConstraint(condition=models.Q(("valid_from", None), ("valid_until", None), ("valid_from__lte", models.F("valid_until")), _connector="OR"), name="division_period")],
            },
        ),
    ]
