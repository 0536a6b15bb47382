"""Messages, each its recipient's own, and the kinds that a person does without."""

import django.contrib.postgres.fields
from django.db import migrations, models

from doudi.office.common.scope import protect_own


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("recipient_id", models.BigIntegerField(verbose_name="收件人")),
                ("kind", models.CharField(max_length=24, verbose_name="种类")),
                ("cause", models.CharField(max_length=200, verbose_name="事由")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("division", models.BigIntegerField(null=True, verbose_name="辖区")),
                ("subject", models.CharField(blank=True, default="", max_length=160, verbose_name="对象")),
                ("facts", models.JSONField(verbose_name="数目")),
                (
                    "households",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None, verbose_name="点到的户"
                    ),
                ),
                ("read_at", models.DateTimeField(null=True, verbose_name="读过的时间")),
            ],
            options={
                "db_table": "messages_message",
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["recipient_id", "-id"], name="message_newest"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["recipient_id", "kind", "division"],
                        name="message_unread",
                    ),
                    models.Index(fields=["at"], name="message_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("recipient_id", "kind", "cause"), name="message_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "digest",
                                    "delivery_held",
                                    "delivery_decided",
                                    "delivery_refused",
                                    "delivery_lines",
                                    "delivery_late",
                                    "export_waits",
                                    "export_decided",
                                    "supervision",
                                ],
                            )
                        ),
                        name="message_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Muted",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("user_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=24)),
            ],
            options={
                "db_table": "messages_muted",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("user_id", "kind"), name="muted_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["digest", "delivery_lines", "delivery_late"])),
                        name="muted_kind_is_mutable",
                    ),
                ],
            },
        ),
        migrations.RunSQL(protect_own("messages_message", "recipient_id", "division"), migrations.RunSQL.noop),
    ]
