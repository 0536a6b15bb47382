"""The journal's rows, and the chain over them."""

from django.db import models

__all__ = ["Entry"]


class Entry(models.Model):
    """流水一条。One act or one reading. `whose` and `subject` are refs and keys, never an id or a name of a citizen.

    `division` is the subject's county or finer, null where there is none; `detail` holds counts and words for machines.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
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
