"""The systems that were let in. A row tells of a system and of staff, and of no citizen."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from doudi.office.api.states import ACTIVE, CLIENT, CLIENT_ROLES
from doudi.office.common.roles import LABELS

__all__ = ["Client"]

_ROLES = [(role.value, LABELS[role]) for role in CLIENT_ROLES]


class Client(models.Model):
    """系统接入。A system of an organisation, reading in one role over one division for one purpose, all fixed when asked for.

    `code` names it in the journal as `api:code`. `application` keeps its number and the hash of its secret; null until it is
    admitted. `locked_until` null = not locked; `used_at`: when it last took a token, null = never.
    """

    name = models.CharField("系统名称", max_length=60, unique=True)
    code = models.CharField("接入代号", max_length=40, unique=True)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+", verbose_name="机构")
    role = models.CharField("岗位角色", max_length=24, choices=_ROLES)
    division = models.BigIntegerField("管辖区划")
    department = models.CharField("部门", max_length=12, blank=True, default="")
    purpose = models.CharField("用途", max_length=200)
    state = models.CharField(
        "状态", max_length=10, default=CLIENT.start, choices=[(key, word) for key, (word, _) in CLIENT.states.items()]
    )
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="提出人")
    asked_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    decided_at = models.DateTimeField("批准时间", null=True)
    application = models.OneToOneField(
        "oauth2_provider.Application", models.PROTECT, null=True, related_name="client", verbose_name="凭据"
    )
    failures = models.PositiveSmallIntegerField("连续失败次数", default=0)
    locked_until = models.DateTimeField("锁定至", null=True)
    used_at = models.DateTimeField("最近取令牌", null=True)

    class Meta:
        db_table = "api_client"
        default_permissions = ()
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="client_role", condition=Q(role__in=[value for value, _ in _ROLES])),
            models.CheckConstraint(
                name="client_second_person", condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="client_active_is_decided",
                condition=~Q(state=ACTIVE) | Q(decided_by__isnull=False, application__isnull=False),
            ),
        ]

    def locked(self, at: datetime) -> bool:
        """Is it locked after failures at that moment?"""
        return self.locked_until is not None and at < self.locked_until
