"""Exports as they were asked for, decided and taken."""

from django.db import migrations, models

import doudi.office.documents.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.CharField(default=doudi.office.documents.models.new_ref, max_length=16, unique=True)),
                ("state", models.CharField(default="drafted", max_length=12)),
                ("kind", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=120)),
                ("columns", models.JSONField()),
                ("rows_count", models.IntegerField()),
                ("asked", models.JSONField()),
                ("purpose", models.TextField(default="")),
                ("file_format", models.CharField(default="csv", max_length=4)),
                ("personal", models.BooleanField(default=True)),
                ("division", models.BigIntegerField()),
                ("asker_id", models.BigIntegerField()),
                ("asker", models.CharField(max_length=80)),
                ("asker_shown", models.CharField(max_length=80)),
                ("asker_role", models.CharField(max_length=24)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("decider_id", models.BigIntegerField(null=True)),
                ("decider_shown", models.CharField(default="", max_length=80)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_why", models.TextField(default="")),
                ("taken_at", models.DateTimeField(null=True)),
                ("taken_rows", models.IntegerField(null=True)),
            ],
            options={
                "db_table": "documents_export",
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["asker_id", "asked_at"], name="documents_export_mine"),
                    models.Index(fields=["state", "division"], name="documents_export_waiting"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["drafted", "asked", "approved", "refused", "taken", "expired"])
                        ),
                        name="documents_export_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decider_id", None),
                            models.Q(("decider_id", models.F("asker_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="documents_export_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("file_format__in", ["csv", "xlsx", "pdf"])), name="documents_export_format"
                    ),
                ],
            },
        ),
    ]
