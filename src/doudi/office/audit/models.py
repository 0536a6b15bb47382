"""The journal's rows, and the chain over them. Both are only ever added to; the database refuses everything else."""

from django.db import models
from django.db.models.functions import Now

__all__ = ["Entry", "Seal"]


class Entry(models.Model):
    """流水一条。One act or one reading. `whose` and `subject` are refs and keys, never an id or a name of a citizen.

    `division` is the subject's county or finer, null where there is none; `detail` holds counts and words for machines.
    `at` is when it was done as the office says, `written_at` when it was written as the database says. A further column,
    `tx`, is the writing transaction's number (see the migration): the sealer alone reads it.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    written_at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=80)
    actor_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=24)
    actor_division = models.BigIntegerField()
    act = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=24, default="")
    subject = models.CharField(max_length=80, default="")
    whose = models.CharField(max_length=40, default="")
    division = models.BigIntegerField(null=True)
    why = models.TextField(default="")
    outcome = models.CharField(max_length=16, default="done")
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_entry"
        default_permissions = ()
        indexes = [
            models.Index(fields=["at", "id"], name="audit_entry_by_time"),
            models.Index(fields=["actor", "at"], name="audit_entry_by_actor"),
            models.Index(fields=["actor_id", "at"], name="audit_entry_by_user"),
            models.Index(fields=["act", "at"], name="audit_entry_by_act"),
            models.Index(fields=["subject_kind", "subject", "at"], name="audit_entry_by_subject"),
            models.Index(fields=["whose", "at"], name="audit_entry_by_person", condition=~models.Q(whose="")),
            models.Index(fields=["at"], name="audit_entry_not_done", condition=~models.Q(outcome="done")),
        ]


class Seal(models.Model):
    """封链一环。One link: SM3(the link before ‖ canonical bytes of the entry). Positions run 1, 2, 3 … without a gap."""

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_seal"
        default_permissions = ()
