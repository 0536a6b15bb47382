"""What the exchange keeps: uploads on their way, the mirror of the lake's batches, deliveries that wait for a person.

No column holds an id or a name in plain: file names, which may, are sealed. The vault's own tables stand in
`vault_tables`.
"""

import uuid

from django.db import models

from doudi.office.exchange.states import HOLD, UPLOAD

__all__ = ["Batch", "Hold", "Sender", "Upload"]


class Upload(models.Model):
    """来件。One file as it arrived, sealed under DOUDI_HOME/office/uploads until it landed.

    `name` is what the sender called it, sealed; `feed` and `month` are what he said it is, empty when the file says so
    itself. `done` of `size` bytes were read. `sentence` says why it was refused. `division`, `department` are the
    sender's. `attempts` counts how often a landing began; `inbox`: it came by the watched folder. `batch` is what it
    became; the same bytes sent twice became the same batch.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=12, default=UPLOAD.start)
    name = models.BinaryField()
    size = models.BigIntegerField()
    done = models.BigIntegerField(default=0)
    feed = models.CharField(max_length=40, default="", blank=True)
    month = models.CharField(max_length=7, default="", blank=True)
    sentence = models.TextField(default="", blank=True)
    code = models.CharField(max_length=60, default="", blank=True)
    received_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=24)
    division = models.BigIntegerField()
    department = models.CharField(max_length=40, default="", blank=True)
    attempts = models.IntegerField(default=0)
    inbox = models.BooleanField(default=False)
    batch = models.ForeignKey("exchange.Batch", models.PROTECT, null=True, related_name="uploads")

    class Meta:
        db_table = "exchange_upload"
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=sorted(UPLOAD.states)), name="upload_state"),
            models.CheckConstraint(
                condition=~models.Q(state="landed") | models.Q(batch__isnull=False), name="upload_landed_has_batch"
            ),
        )
        indexes = (
            models.Index(fields=("-received_at",), name="upload_newest"),
            models.Index(
                fields=("received_at",), condition=models.Q(state__in=("received", "landing")), name="upload_waiting"
            ),
        )


class Batch(models.Model):
    """批次。The mirror of a batch's record in the lake, which is the truth; one row per batch that landed.

    `record` is the record as the lake holds it; `notes` are repairs by their sentence, {} when a landing was killed
    before it told them. Counts are physical lines.
    """

    batch = models.CharField(primary_key=True, max_length=120)
    feed = models.CharField(max_length=40)
    period = models.CharField(max_length=7)
    revision = models.IntegerField()
    department = models.CharField(max_length=40)
    file = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    physical = models.BigIntegerField()
    accepted = models.BigIntegerField()
    repeated = models.BigIntegerField()
    superseded = models.BigIntegerField()
    rejected = models.BigIntegerField()
    repaired = models.BigIntegerField()
    conflicts = models.BigIntegerField()
    record = models.JSONField()
    notes = models.JSONField(default=dict)

    class Meta:
        db_table = "exchange_batch"
        default_permissions = ()
        indexes = (models.Index(fields=("feed", "-period", "-revision"), name="batch_delivery"),)


class Sender(models.Model):
    """报送方。For whom a batch speaks: a county (its first twelve-digit code), a department, a programme; one row each.

    `county` is null for a sender that answers for the whole territory. No `lines`: rejected ones concern the county
    (在册但证件无效), no good one does.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="senders")
    county = models.BigIntegerField(null=True)
    department = models.CharField(max_length=60, default="")
    programme = models.CharField(max_length=60, default="")
    lines = models.BigIntegerField()

    class Meta:
        db_table = "exchange_sender"
        default_permissions = ()
        indexes = (models.Index(fields=("county", "batch"), name="sender_county"),)


class Hold(models.Model):
    """隔离。A delivery of a roll that shrank by more than half: it does not hold until a person says so.

    `senders`: for each that shrank its county (six digits or null), department, programme, lines `before` and `now`.
    """

    delivery = models.CharField(primary_key=True, max_length=80)
    state = models.CharField(max_length=12, default=HOLD.start)
    feed = models.CharField(max_length=40)
    period = models.CharField(max_length=7)
    revision = models.IntegerField()
    senders = models.JSONField()
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, default="")
    why = models.TextField(default="")

    class Meta:
        db_table = "exchange_hold"
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=sorted(HOLD.states)), name="hold_state"),
            models.CheckConstraint(
                condition=models.Q(state="held") | models.Q(decided_at__isnull=False), name="hold_decided_has_time"
            ),
        )
