"""An export as it was asked for, decided and taken. No row of the file is kept."""

import secrets

from django.db import models

from doudi.office.documents.states import EXPORT

__all__ = ["Export", "new_ref"]


def new_ref() -> str:
    """A name that tells nothing and cannot be guessed."""
    return secrets.token_hex(8)


class Export(models.Model):
    """导出一份。`asked` are the conditions as codes and refs; `division` is the jurisdiction of whoever asked.

    It holds no citizen's content, hence no row-level security: who sees it is told by `selectors`.
    """

    ref = models.CharField(max_length=16, unique=True, default=new_ref)
    state = models.CharField(max_length=12, default=EXPORT.start)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    columns = models.JSONField()
    rows_count = models.IntegerField()
    asked = models.JSONField()
    purpose = models.TextField(default="")
    file_format = models.CharField(max_length=4, default="csv")
    personal = models.BooleanField(default=True)
    division = models.BigIntegerField()
    asker_id = models.BigIntegerField()
    asker = models.CharField(max_length=80)
    asker_shown = models.CharField(max_length=80)
    asker_role = models.CharField(max_length=24)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decider_id = models.BigIntegerField(null=True)
    decider_shown = models.CharField(max_length=80, default="")
    decided_at = models.DateTimeField(null=True)
    decision_why = models.TextField(default="")
    taken_at = models.DateTimeField(null=True)
    taken_rows = models.IntegerField(null=True)

    class Meta:
        db_table = "documents_export"
        default_permissions = ()
        indexes = [
            models.Index(fields=["asker_id", "asked_at"], name="documents_export_mine"),
            models.Index(fields=["state", "division"], name="documents_export_waiting"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=list(EXPORT.states)), name="documents_export_state"),
            models.CheckConstraint(
                condition=models.Q(decider_id=None) | ~models.Q(decider_id=models.F("asker_id")),
                name="documents_export_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(file_format__in=["csv", "xlsx", "pdf"]), name="documents_export_format"
            ),
        ]
