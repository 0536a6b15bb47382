"""The tables of monitoring: runs, alerts and what became of them, saved views, the sealed card of a household."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from doudi.office.monitoring.states import DISPOSITIONS, KINDS, LEVELS, RUN, STATUSES

__all__ = ["Alert", "AlertChange", "HouseholdFacts", "Run", "SavedView"]


def _words(words: "dict[str, str]") -> list[tuple[str, str]]:
    return list(words.items())


class Run(models.Model):
    """监测运行。One monitoring of the whole city at `day`.

    `step` says what the worker is at, `steps_done` how many acts are behind it. `manifest` and `changes` are null until
    it is finished; `folder` is the run's name below runs/. `error` is the sentence of a run that failed.
    """

    id = models.BigAutoField(primary_key=True)
    day = models.DateField("监测日")
    kind = models.CharField("缘由", max_length=12, choices=_words(KINDS))
    state = models.CharField(
        "状态", max_length=12, default=RUN.start, choices=[(k, v[0]) for k, v in RUN.states.items()]
    )
    asked_by = models.CharField("由谁发起", max_length=80)
    asked_at = models.DateTimeField("发起时间")
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)
    attempts = models.SmallIntegerField("第几次", default=0)
    step = models.CharField("进行到", max_length=80, default="")
    steps_done = models.IntegerField("已完成步数", default=0)
    folder = models.CharField("运行单", max_length=60, default="")
    manifest = models.JSONField("运行单摘要", null=True)
    changes = models.JSONField("预警变化", null=True)
    error_code = models.CharField("差错代码", max_length=60, default="")
    error = models.TextField("差错", default="")

    class Meta:
        db_table = "monitoring_run"
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["state"], condition=Q(state="running"), name="one_run_at_a_time"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="asked"), name="one_run_waits"),
        )
        indexes = (models.Index(fields=["-day", "-id"], name="run_latest"),)

    @property
    def state_word(self) -> str:
        """The state's Chinese word."""
        return RUN.word(self.state)

    @property
    def tone(self) -> str:
        """The tone of the state's tag."""
        return RUN.tone(self.state)

    @property
    def kind_word(self) -> str:
        """Why it was asked for, in Chinese."""
        return KINDS[self.kind]


class _Placed(models.Model):
    """A row is somebody's by three divisions, twelve digits each: 户籍地、居住地、管理地."""

    hukou_division = models.BigIntegerField("户籍地")
    residence_division = models.BigIntegerField("居住地")
    managing_division = models.BigIntegerField("管理地")

    class Meta:
        abstract = True


class Alert(_Placed):
    """预警。One alert through its whole life; `alert_id` is the engine's.

    `household_key` is null for 工作督促 about a delivery; `person_key` is whom it is shown with, the person himself or the
    head. `birth_year` is that person's, null when no register tells it. `sealed` holds what may not stand in a column:
    reasons with their figures, the distance from the line, clauses and what would clear it.
    """

    alert_id = models.CharField(primary_key=True, max_length=16)
    subject_ref = models.CharField(max_length=80)
    household_key = models.BigIntegerField("户", null=True)
    person_key = models.BigIntegerField("人", null=True)
    indicator = models.CharField("指标", max_length=60)
    title = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=1, choices=[(level, level) for level in LEVELS])
    level_rank = models.SmallIntegerField()
    disposition = models.CharField("去向", max_length=16, choices=_words(DISPOSITIONS))
    status = models.CharField("状态", max_length=12, choices=_words(STATUSES))
    opened_on = models.DateField("开出日")
    cleared_on = models.DateField("解除日", null=True)
    reopens = models.CharField("接续的预警", max_length=16, default="")
    owner = models.CharField("牵头部门", max_length=20)
    birth_year = models.SmallIntegerField("出生年", null=True)
    stale_feeds: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=40), default=list, verbose_name="过期的来源"
    )
    first_run = models.ForeignKey(Run, models.PROTECT, related_name="+", db_index=False)
    last_run = models.ForeignKey(Run, models.PROTECT, related_name="+", db_index=False)
    sealed = models.BinaryField()

    class Meta:
        db_table = "monitoring_alert"
        default_permissions = ()
        indexes = (
            models.Index(fields=["level_rank", "-opened_on", "alert_id"], name="alert_by_urgency"),
            models.Index(fields=["-opened_on", "level_rank", "alert_id"], name="alert_by_day"),
            models.Index(fields=["household_key"], name="alert_of_household"),
            models.Index(fields=["hukou_division"], name="alert_by_hukou"),
            models.Index(fields=["residence_division"], name="alert_by_residence"),
            models.Index(fields=["managing_division", "level_rank"], name="alert_by_managing"),
            models.Index(fields=["indicator"], name="alert_by_indicator"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="alert_level_known"),
            models.CheckConstraint(condition=Q(status__in=list(STATUSES)), name="alert_status_known"),
            models.CheckConstraint(
                condition=Q(status="cleared") ^ Q(cleared_on__isnull=True), name="cleared_alerts_have_a_day"
            ),
        )


class AlertChange(_Placed):
    """预警的变化。What one run changed of one alert: status or level, from → to; `old` empty = it was opened."""

    id = models.BigAutoField(primary_key=True)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="changes")
    run = models.ForeignKey(Run, models.PROTECT, related_name="+")
    day = models.DateField("监测日")
    what = models.CharField("变了什么", max_length=8, choices=[("status", "状态"), ("level", "级别")])
    old = models.CharField("原来", max_length=12, default="")
    new = models.CharField("现在", max_length=12)

    class Meta:
        db_table = "monitoring_alert_change"
        default_permissions = ()


class SavedView(models.Model):
    """保存的筛选。A list's filters under a name, a user's own. `query` never holds the text searched for."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.BigIntegerField()
    name = models.CharField("名称", max_length=40)
    query = models.CharField("筛选", max_length=600)

    class Meta:
        db_table = "monitoring_saved_view"
        default_permissions = ()
        constraints: ClassVar = [models.UniqueConstraint(fields=["user_id", "name"], name="one_view_of_a_name")]


class HouseholdFacts(_Placed):
    """事实卡片。What a run knew of one household, sealed: members, facts with their lines, tiers, what is due."""

    household_key = models.BigIntegerField(primary_key=True)
    run = models.ForeignKey(Run, models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    class Meta:
        db_table = "monitoring_household_facts"
        default_permissions = ()
