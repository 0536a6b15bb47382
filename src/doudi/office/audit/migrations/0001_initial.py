"""The journal and its chain: two tables that nobody changes, the first readable by scope."""

import django.db.models.functions.datetime
from django.db import migrations, models

# `tx` is the number of the writing transaction; the sealer waits until none below it still runs.
ENTRY = """
ALTER TABLE audit_entry ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX audit_entry_by_tx ON audit_entry (tx);
ALTER TABLE audit_entry ADD CONSTRAINT audit_outcome CHECK (outcome IN ('done', 'refused', 'failed'));
ALTER TABLE audit_seal ADD CONSTRAINT audit_seal_is_sm3 CHECK (octet_length(hash) = 32 AND position > 0);
"""

# The application may add and read, nothing else; the trigger says the same to the owner and to whoever gets more rights.
APPEND_ONLY = """
REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry, audit_seal FROM doudi_app;
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit: % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""

# Whoever acts may write about anything; who reads sees his scope, what concerns no place, or, for the sealer and the
# audit administrator, everything (`app.journal`).
SCOPE = """
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON audit_entry FOR SELECT USING (
    division IS NULL
    OR division BETWEEN NULLIF(current_setting('app.lo', true), '')::bigint
                    AND NULLIF(current_setting('app.hi', true), '')::bigint
    OR current_setting('app.journal', true) = 'on');
CREATE POLICY insertable ON audit_entry FOR INSERT WITH CHECK (true);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField(unique=True)),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "audit_seal",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("written_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("actor", models.CharField(max_length=80)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("role", models.CharField(max_length=24)),
                ("actor_division", models.BigIntegerField()),
                ("act", models.CharField(max_length=60)),
                ("subject_kind", models.CharField(default="", max_length=24)),
                ("subject", models.CharField(default="", max_length=80)),
                ("whose", models.CharField(default="", max_length=40)),
                ("division", models.BigIntegerField(null=True)),
                ("why", models.TextField(default="")),
                ("outcome", models.CharField(default="done", max_length=16)),
                ("detail", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "audit_entry",
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["at", "id"], name="audit_entry_by_time"),
                    models.Index(fields=["actor", "at"], name="audit_entry_by_actor"),
                    models.Index(fields=["actor_id", "at"], name="audit_entry_by_user"),
                    models.Index(fields=["act", "at"], name="audit_entry_by_act"),
                    models.Index(fields=["subject_kind", "subject", "at"], name="audit_entry_by_subject"),
                    models.Index(
                        condition=models.Q(("whose", ""), _negated=True),
                        fields=["whose", "at"],
                        name="audit_entry_by_person",
                    ),
                    models.Index(
                        condition=models.Q(("outcome", "done"), _negated=True),
                        fields=["at"],
                        name="audit_entry_not_done",
                    ),
                ],
            },
        ),
        migrations.RunSQL(ENTRY),
        migrations.RunSQL(APPEND_ONLY),
        migrations.RunSQL(SCOPE),
    ]
