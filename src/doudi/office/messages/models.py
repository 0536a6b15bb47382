"""A message to one person, and the kinds he does without."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from doudi.office.messages.kinds import KINDS

__all__ = ["Message", "Muted"]


class Message(models.Model):
    """消息。One row a recipient. It holds no name and no sentence: `kind`, `subject` (a key or a ref), `facts` (codes, counts
    and days) and `households` (keys); the text is drawn when it is read.

    `cause` is what it comes of: the same cause tells nobody twice. `division` is the recipient's jurisdiction when it was
    sent, null for what is about no place. `read_at` null = not read yet.
    """

    id = models.BigAutoField(primary_key=True)
    recipient_id = models.BigIntegerField("收件人")
    kind = models.CharField("种类", max_length=24)
    cause = models.CharField("事由", max_length=200)
    at = models.DateTimeField("时间")
    division = models.BigIntegerField("辖区", null=True)
    subject = models.CharField("对象", max_length=160, default="", blank=True)
    facts = models.JSONField("数目")
    households: "ArrayField[list[int], list[int]]" = ArrayField(
        models.BigIntegerField(), default=list, verbose_name="点到的户"
    )
    read_at = models.DateTimeField("读过的时间", null=True)

    class Meta:
        db_table = "messages_message"
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recipient_id", "kind", "cause"], name="message_once"),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="message_kind"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient_id", "-id"], name="message_newest"),
            # The badge of every page counts these: all that it asks for, the policy's column too, lies in the index.
            models.Index(
                fields=["recipient_id", "kind", "division"], condition=Q(read_at__isnull=True), name="message_unread"
            ),
            models.Index(fields=["at"], name="message_by_age"),
        ]


class Muted(models.Model):
    """不收的种类。A kind that a person does without; none of it is sent to him."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.BigIntegerField()
    kind = models.CharField(max_length=24)

    class Meta:
        db_table = "messages_muted"
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user_id", "kind"], name="muted_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[key for key, kind in KINDS.items() if kind.mutable]), name="muted_kind_is_mutable"
            ),
        ]
