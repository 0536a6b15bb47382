"""Organisations, users, changes to them, external supervision. Rows about staff; none about a citizen."""

from datetime import date, datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from doudi.office.accounts.kinds import KINDS, SECOND_FACTOR
from doudi.office.accounts.states import CHANGE, GRANT, USER
from doudi.office.common.roles import LABELS, Role

__all__ = ["AccountChange", "Knock", "Organisation", "PasswordUsed", "SupervisionGrant", "User"]

_ROLES = [(role.value, LABELS[role]) for role in Role if role is not Role.MACHINE]


def _states(words: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    return [(state, word) for state, (word, _) in words.items()]


class Organisation(models.Model):
    """机构。An office of some department in one division; its level is the division's."""

    name = models.CharField("机构名称", max_length=80)
    kind = models.CharField("机构类别", max_length=12, choices=[(kind, kind) for kind in KINDS])
    division = models.BigIntegerField("所在区划")

    class Meta:
        db_table = "accounts_organisation"
        default_permissions = ()
        ordering: ClassVar = ["division", "kind", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["division", "name"], name="organisation_once"),
            models.CheckConstraint(name="organisation_kind", condition=Q(kind__in=KINDS)),
        ]


class User(AbstractBaseUser):
    """用户。A person who works here, with exactly one role; a person has one account (`staff_no`).

    `department` is the word of a department officer's department, empty for others. `locked_until` null = not locked.
    `totp_sealed` null = no second factor yet. `session_key` names the one session that counts.
    """

    last_login = None  # Django would ask the clock by itself; `logged_in_at` is told it
    login = models.CharField("登录名", max_length=40, unique=True)
    shown_name = models.CharField("姓名", max_length=40)
    staff_no = models.CharField("工号", max_length=40, unique=True)
    role = models.CharField("岗位角色", max_length=24, choices=_ROLES)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="users", verbose_name="机构")
    division = models.BigIntegerField("管辖区划")
    department = models.CharField("部门", max_length=12, blank=True, default="")
    state = models.CharField("状态", max_length=10, choices=_states(dict(USER.states)), default=USER.start)
    asked_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    asked_at = models.DateTimeField("提出时间")
    password_set_at = models.DateTimeField("密码设定时间", null=True)
    must_change_password = models.BooleanField("须改密码", default=True)
    failures = models.PositiveSmallIntegerField("连续失败次数", default=0)
    locked_until = models.DateTimeField("锁定至", null=True)
    logged_in_at = models.DateTimeField("最近登录", null=True)
    session_key = models.CharField(max_length=40, blank=True, default="")
    totp_sealed = models.BinaryField(null=True)
    totp_on = models.BooleanField("已启用动态口令", default=False)
    totp_last = models.BigIntegerField(default=0)  # the last interval whose code was used: none counts twice

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar = BaseUserManager["User"]()

    class Meta:
        db_table = "accounts_user"
        default_permissions = ()
        ordering: ClassVar = ["division", "login"]
        constraints: ClassVar = [
            models.CheckConstraint(name="user_role", condition=Q(role__in=[value for value, _ in _ROLES])),
            models.CheckConstraint(
                name="user_department_goes_with_role",
                condition=(Q(role=Role.DEPARTMENT_OFFICER.value) & ~Q(department=""))
                | (~Q(role=Role.DEPARTMENT_OFFICER.value) & Q(department="")),
            ),
            models.CheckConstraint(name="user_not_asked_by_himself", condition=Q(asked_by=None) | ~Q(asked_by=F("id"))),
        ]

    def locked(self, at: datetime) -> bool:
        """Is the account locked after failures at that moment?"""
        return self.locked_until is not None and at < self.locked_until

    def password_due(self, at: datetime) -> bool:
        """Must the password be changed before anything else: given by somebody else, or too old?"""
        days = settings.DOUDI_PASSWORD_DAYS
        old = bool(days) and self.password_set_at is not None and self.password_set_at + timedelta(days=days) <= at
        return self.must_change_password or old

    def second_factor_due(self) -> bool:
        """Must a second factor be set up before anything else?"""
        return settings.DOUDI_SECOND_FACTOR and self.role in SECOND_FACTOR and not self.totp_on


class PasswordUsed(models.Model):
    """用过的密码。The hash of a password that was replaced, so that it does not come back soon."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="passwords_used")
    hash = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        db_table = "accounts_password_used"
        default_permissions = ()


class Knock(models.Model):
    """限次计数。How often a deed was tried by a person (0: nobody known) from a network (empty: not known) since `since`.

    One row each, begun anew with each window; rows of windows long over are dropped nightly.
    """

    deed = models.CharField(max_length=12)
    person = models.BigIntegerField(default=0)
    address = models.CharField(max_length=45, default="")
    since = models.DateTimeField()
    count = models.IntegerField()

    class Meta:
        db_table = "accounts_knock"
        default_permissions = ()
        constraints: ClassVar = [models.UniqueConstraint(fields=["deed", "person", "address"], name="knock_once")]
        indexes: ClassVar = [models.Index(fields=["deed", "address"], name="knock_address")]


class AskedAndDecided(models.Model):
    """What one person asked for and another decides. `decided_by`, `decided_at` null = nobody has yet."""

    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="提出人")
    asked_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    decided_at = models.DateTimeField("批准时间", null=True)

    class Meta:
        abstract = True


def _two_people(word: str, subject: str) -> list[models.BaseConstraint]:
    """The database's own word on it: nobody decides what he asked for, nor asks for what is about himself."""
    return [
        models.CheckConstraint(
            name=f"{word}_second_person", condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by"))
        ),
        models.CheckConstraint(name=f"{word}_not_for_oneself", condition=~Q(asked_by=F(subject))),
    ]


class AccountChange(AskedAndDecided):
    """账号变更。A change that one administrator asks for and another makes: role, password, second factor, unlock."""

    KINDS: ClassVar = {"role": "调整岗位", "password": "重置密码", "totp": "重置动态口令", "unlock": "解除锁定"}

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="changes", verbose_name="用户")
    kind = models.CharField("变更事项", max_length=10, choices=list(KINDS.items()))
    role = models.CharField("新岗位", max_length=24, choices=_ROLES, blank=True, default="")
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, related_name="+", verbose_name="新机构"
    )
    division = models.BigIntegerField("新管辖区划", null=True)
    why = models.TextField("理由")
    state = models.CharField("状态", max_length=10, choices=_states(dict(CHANGE.states)), default=CHANGE.start)

    class Meta:
        db_table = "accounts_change"
        default_permissions = ()
        ordering: ClassVar = ["-asked_at"]
        constraints: ClassVar = [
            *_two_people("change", "user"),
            models.CheckConstraint(
                name="change_decided_by_another", condition=Q(decided_by=None) | ~Q(decided_by=F("user"))
            ),
            models.UniqueConstraint(fields=["user", "kind"], condition=Q(state=CHANGE.start), name="change_asked_once"),
        ]


class SupervisionGrant(AskedAndDecided):
    """外部监督授权。Reading, for a time, in one division, on the ground of a notice; two persons open it.

    In force on the days `from_day` ≤ day < `until_day` while `open`; it ends by its dates even if nobody ends it.
    """

    supervisor = models.ForeignKey("accounts.User", models.PROTECT, related_name="grants", verbose_name="监督人员")
    notice_no = models.CharField("通知书文号", max_length=80)
    purpose = models.TextField("监督事项")
    division = models.BigIntegerField("监督范围")
    from_day = models.DateField("起始日")
    until_day = models.DateField("截止日（不含）")
    state = models.CharField("状态", max_length=10, choices=_states(dict(GRANT.states)), default=GRANT.start)

    class Meta:
        db_table = "accounts_grant"
        default_permissions = ()
        ordering: ClassVar = ["-asked_at"]
        constraints: ClassVar = [
            models.CheckConstraint(name="grant_period", condition=Q(from_day__lt=F("until_day"))),
            *_two_people("grant", "supervisor"),
            models.CheckConstraint(
                name="grant_open_is_decided", condition=~Q(state="open") | Q(decided_by__isnull=False)
            ),
            models.UniqueConstraint(fields=["supervisor"], condition=Q(state="open"), name="grant_one_open"),
        ]

    def covers_day(self, day: date) -> bool:
        """Is the grant in force on that day?"""
        return self.state == "open" and self.from_day <= day < self.until_day
