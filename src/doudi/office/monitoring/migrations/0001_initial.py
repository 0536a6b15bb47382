"""The tables of monitoring, each that tells of somebody under row-level security."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from doudi.office.common.scope import protect

# Who writes a whole city at once tells the planner so. The right is one of PostgreSQL 17; before, autovacuum does it later.
MAY_ANALYZE = """
DO $$ BEGIN
    IF current_setting('server_version_num')::int >= 170000 THEN
        GRANT MAINTAIN ON monitoring_alert, monitoring_alert_change TO doudi_app;
    END IF;
END $$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("hukou_division", models.BigIntegerField(verbose_name="户籍地")),
                ("residence_division", models.BigIntegerField(verbose_name="居住地")),
                ("managing_division", models.BigIntegerField(verbose_name="管理地")),
                ("alert_id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("subject_ref", models.CharField(max_length=80)),
                ("household_key", models.BigIntegerField(null=True, verbose_name="户")),
                ("person_key", models.BigIntegerField(null=True, verbose_name="人")),
                ("indicator", models.CharField(max_length=60, verbose_name="指标")),
                ("title", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "level",
                    models.CharField(
                        choices=[("红", "红"), ("橙", "橙"), ("蓝", "蓝")], max_length=1, verbose_name="级别"
                    ),
                ),
                ("level_rank", models.SmallIntegerField()),
                (
                    "disposition",
                    models.CharField(
                        choices=[
                            ("eligible", "可能符合未纳入"),
                            ("unfulfilled", "政策未落实"),
                            ("complex", "情形复杂"),
                            ("ineligible", "可能不再符合"),
                            ("supervision", "工作督促"),
                        ],
                        max_length=16,
                        verbose_name="去向",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "新增"),
                            ("continuing", "延续"),
                            ("unconfirmed", "未确认"),
                            ("cleared", "解除"),
                        ],
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("opened_on", models.DateField(verbose_name="开出日")),
                ("cleared_on", models.DateField(null=True, verbose_name="解除日")),
                ("reopens", models.CharField(default="", max_length=16, verbose_name="接续的预警")),
                ("owner", models.CharField(max_length=20, verbose_name="牵头部门")),
                ("birth_year", models.SmallIntegerField(null=True, verbose_name="出生年")),
                (
                    "stale_feeds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None, verbose_name="过期的来源"
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
            options={
                "db_table": "monitoring_alert",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField(verbose_name="监测日")),
                (
                    "kind",
                    models.CharField(
                        choices=[("scheduled", "定时"), ("on_arrival", "来件后"), ("manual", "人工")],
                        max_length=12,
                        verbose_name="缘由",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "等待"), ("running", "运行中"), ("finished", "完成"), ("failed", "失败")],
                        default="asked",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("asked_by", models.CharField(max_length=80, verbose_name="由谁发起")),
                ("asked_at", models.DateTimeField(verbose_name="发起时间")),
                ("started_at", models.DateTimeField(null=True, verbose_name="开始时间")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                ("attempts", models.SmallIntegerField(default=0, verbose_name="第几次")),
                ("step", models.CharField(default="", max_length=80, verbose_name="进行到")),
                ("steps_done", models.IntegerField(default=0, verbose_name="已完成步数")),
                ("folder", models.CharField(default="", max_length=60, verbose_name="运行单")),
                ("manifest", models.JSONField(null=True, verbose_name="运行单摘要")),
                ("changes", models.JSONField(null=True, verbose_name="预警变化")),
                ("error_code", models.CharField(default="", max_length=60, verbose_name="差错代码")),
                ("error", models.TextField(default="", verbose_name="差错")),
            ],
            options={
                "db_table": "monitoring_run",
                "default_permissions": (),
                "indexes": [models.Index(fields=["-day", "-id"], name="run_latest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")), fields=("state",), name="one_run_at_a_time"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")), fields=("state",), name="one_run_waits"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HouseholdFacts",
            fields=[
                ("hukou_division", models.BigIntegerField(verbose_name="户籍地")),
                ("residence_division", models.BigIntegerField(verbose_name="居住地")),
                ("managing_division", models.BigIntegerField(verbose_name="管理地")),
                ("household_key", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.run"
                    ),
                ),
            ],
            options={
                "db_table": "monitoring_household_facts",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AlertChange",
            fields=[
                ("hukou_division", models.BigIntegerField(verbose_name="户籍地")),
                ("residence_division", models.BigIntegerField(verbose_name="居住地")),
                ("managing_division", models.BigIntegerField(verbose_name="管理地")),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField(verbose_name="监测日")),
                (
                    "what",
                    models.CharField(
                        choices=[("status", "状态"), ("level", "级别")], max_length=8, verbose_name="变了什么"
                    ),
                ),
                ("old", models.CharField(default="", max_length=12, verbose_name="原来")),
                ("new", models.CharField(max_length=12, verbose_name="现在")),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="monitoring.alert"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.run"
                    ),
                ),
            ],
            options={
                "db_table": "monitoring_alert_change",
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="alert",
            name="first_run",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.run"
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="last_run",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.run"
            ),
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("user_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("query", models.CharField(max_length=600, verbose_name="筛选")),
            ],
            options={
                "db_table": "monitoring_saved_view",
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("user_id", "name"), name="one_view_of_a_name")],
            },
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["level_rank", "-opened_on", "alert_id"], name="alert_by_urgency"),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["-opened_on", "level_rank", "alert_id"], name="alert_by_day"),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["household_key"], name="alert_of_household"),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["hukou_division"], name="alert_by_hukou"),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["residence_division"], name="alert_by_residence"),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["managing_division", "level_rank"], name="alert_by_managing"),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["indicator"], name="alert_by_indicator"),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ("红", "橙", "蓝"))), name="alert_level_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["new", "continuing", "unconfirmed", "cleared"])),
                name="alert_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "cleared"), ("cleared_on__isnull", True), _connector="XOR"),
                name="cleared_alerts_have_a_day",
            ),
        ),
        *(
            migrations.RunSQL(protect(table), migrations.RunSQL.noop)
            for table in ("monitoring_alert", "monitoring_alert_change", "monitoring_household_facts")
        ),
        migrations.RunSQL(MAY_ANALYZE, migrations.RunSQL.noop),
    ]
