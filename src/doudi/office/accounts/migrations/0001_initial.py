"""The tables of accounts, and two rules that Django's constraints cannot say."""
# fmt: off

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The division's level goes with the role; an administrator's account never becomes another role's, nor the other way round.
ROLES = """
ALTER TABLE accounts_user ADD CONSTRAINT user_role_fits_division CHECK (CASE
    WHEN role = 'province_officer' THEN division % 10000000000 = 0
    WHEN role = 'city_officer' THEN division % 100000000 = 0 AND division % 10000000000 <> 0
    WHEN role IN ('county_officer', 'county_reviewer') THEN division % 1000000 = 0 AND division % 100000000 <> 0
    WHEN role = 'town_officer' THEN division % 1000 = 0 AND division % 1000000 <> 0
    WHEN role = 'village_helper' THEN division % 1000 <> 0
    ELSE division % 1000000 = 0 END);
CREATE FUNCTION accounts_roles_exclude() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.role <> NEW.role AND (OLD.role IN ('system_admin', 'security_admin', 'audit_admin', 'supervisor')
                              OR NEW.role IN ('system_admin', 'security_admin', 'audit_admin', 'supervisor')) THEN
        RAISE EXCEPTION 'administrators, supervisors and business roles exclude each other' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_roles_exclude BEFORE UPDATE OF role ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION accounts_roles_exclude();
"""
UNDO = """
DROP TRIGGER accounts_roles_exclude ON accounts_user;
DROP FUNCTION accounts_roles_exclude();
ALTER TABLE accounts_user DROP CONSTRAINT user_role_fits_division;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="机构名称")),
                ("kind", models.CharField(choices=[("民政", "民政"), ("公安", "公安"), ("教育", "教育"), ("人社", "人社"), ("住建", "住建"), ("农业农村", "农业农村"), ("卫健", "卫健"), ("应急", "应急"), ("医保", "医保"), ("残联", "残联"), ("财政", "财政"), ("税务", "税务"), ("司法", "司法"), ("自然资源", "自然资源"), ("市场监管", "市场监管"), ("公积金", "公积金"), ("金融", "金融"), ("大数据", "大数据"), ("审计", "审计"), ("纪检监察", "纪检监察")], max_length=12, verbose_name="机构类别")),
                ("division", models.BigIntegerField(verbose_name="所在区划")),
            ],
            options={
                "db_table": "accounts_organisation",
                "ordering": ["division", "kind", "name"],
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("division", "name"), name="organisation_once"), models.CheckConstraint(condition=models.Q(("kind__in", ("民政", "公安", "教育", "人社", "住建", "农业农村", "卫健", "应急", "医保", "残联", "财政", "税务", "司法", "自然资源", "市场监管", "公积金", "金融", "大数据", "审计", "纪检监察"))), name="organisation_kind")],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("login", models.CharField(max_length=40, unique=True, verbose_name="登录名")),
                ("shown_name", models.CharField(max_length=40, verbose_name="姓名")),
                ("staff_no", models.CharField(max_length=40, unique=True, verbose_name="工号")),
                ("role", models.CharField(choices=[("province_officer", "省级民政人员"), ("city_officer", "市级民政人员"), ("county_officer", "县区民政经办人员"), ("county_reviewer", "县区民政审核人员"), ("town_officer", "乡镇（街道）经办人员"), ("village_helper", "村（社区）协理员"), ("department_officer", "部门数据员"), ("system_admin", "系统管理员"), ("security_admin", "安全保密管理员"), ("audit_admin", "安全审计员"), ("supervisor", "外部监督人员")], max_length=24, verbose_name="岗位角色")),
                ("division", models.BigIntegerField(verbose_name="管辖区划")),
                ("department", models.CharField(blank=True, default="", max_length=12, verbose_name="部门")),
                ("state", models.CharField(choices=[("asked", "待批准"), ("active", "在用"), ("suspended", "停用"), ("closed", "注销"), ("declined", "未批准")], default="asked", max_length=10, verbose_name="状态")),
                ("asked_at", models.DateTimeField(verbose_name="提出时间")),
                ("password_set_at", models.DateTimeField(null=True, verbose_name="密码设定时间")),
                ("must_change_password", models.BooleanField(default=True, verbose_name="须改密码")),
                ("failures", models.PositiveSmallIntegerField(default=0, verbose_name="连续失败次数")),
                ("locked_until", models.DateTimeField(null=True, verbose_name="锁定至")),
                ("logged_in_at", models.DateTimeField(null=True, verbose_name="最近登录")),
                ("session_key", models.CharField(blank=True, default="", max_length=40)),
                ("totp_sealed", models.BinaryField(null=True)),
                ("totp_on", models.BooleanField(default=False, verbose_name="已启用动态口令")),
                ("totp_last", models.BigIntegerField(default=0)),
                ("asked_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="提出人")),
                ("organisation", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="users", to="accounts.organisation", verbose_name="机构")),
            ],
            options={
                "db_table": "accounts_user",
                "ordering": ["division", "login"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PasswordUsed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="passwords_used", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "db_table": "accounts_password_used",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Knock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("deed", models.CharField(max_length=12)),
                ("person", models.BigIntegerField(default=0)),
                ("address", models.CharField(default="", max_length=45)),
                ("since", models.DateTimeField()),
                ("count", models.IntegerField()),
            ],
            options={
                "db_table": "accounts_knock",
                "default_permissions": (),
                "indexes": [models.Index(fields=["deed", "address"], name="knock_address")],
                "constraints": [models.UniqueConstraint(fields=("deed", "person", "address"), name="knock_once")],
            },
        ),
        migrations.CreateModel(
            name="SupervisionGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("notice_no", models.CharField(max_length=80, verbose_name="通知书文号")),
                ("purpose", models.TextField(verbose_name="监督事项")),
                ("division", models.BigIntegerField(verbose_name="监督范围")),
                ("from_day", models.DateField(verbose_name="起始日")),
                ("until_day", models.DateField(verbose_name="截止日（不含）")),
                ("asked_at", models.DateTimeField(verbose_name="提出时间")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="批准时间")),
                ("state", models.CharField(choices=[("asked", "待批准"), ("open", "已开通"), ("ended", "已结束"), ("declined", "未批准")], default="asked", max_length=10, verbose_name="状态")),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="提出人")),
                ("decided_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="批准人")),
                ("supervisor", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="grants", to=settings.AUTH_USER_MODEL, verbose_name="监督人员")),
            ],
            options={
                "db_table": "accounts_grant",
                "ordering": ["-asked_at"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AccountChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("role", "调整岗位"), ("password", "重置密码"), ("totp", "重置动态口令"), ("unlock", "解除锁定")], max_length=10, verbose_name="变更事项")),
                ("role", models.CharField(blank=True, choices=[("province_officer", "省级民政人员"), ("city_officer", "市级民政人员"), ("county_officer", "县区民政经办人员"), ("county_reviewer", "县区民政审核人员"), ("town_officer", "乡镇（街道）经办人员"), ("village_helper", "村（社区）协理员"), ("department_officer", "部门数据员"), ("system_admin", "系统管理员"), ("security_admin", "安全保密管理员"), ("audit_admin", "安全审计员"), ("supervisor", "外部监督人员")], default="", max_length=24, verbose_name="新岗位")),
                ("division", models.BigIntegerField(null=True, verbose_name="新管辖区划")),
                ("why", models.TextField(verbose_name="理由")),
                ("asked_at", models.DateTimeField(verbose_name="提出时间")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="批准时间")),
                ("state", models.CharField(choices=[("asked", "待批准"), ("done", "已办"), ("declined", "未批准")], default="asked", max_length=10, verbose_name="状态")),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="提出人")),
                ("decided_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="批准人")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="changes", to=settings.AUTH_USER_MODEL, verbose_name="用户")),
                ("organisation", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation", verbose_name="新机构")),
            ],
            options={
                "db_table": "accounts_change",
                "ordering": ["-asked_at"],
                "default_permissions": (),
                "constraints": [models.CheckConstraint(condition=models.Q(("decided_by", None), models.Q(("decided_by", models.F("asked_by")), _negated=True), _connector="OR"), name="change_second_person"), models.CheckConstraint(condition=models.Q(("asked_by", models.F("user")), _negated=True), name="change_not_for_oneself"), models.CheckConstraint(condition=models.Q(("decided_by", None), models.Q(("decided_by", models.F("user")), _negated=True), _connector="OR"), name="change_decided_by_another"), models.UniqueConstraint(condition=models.Q(("state", "asked")), fields=("user", "kind"), name="change_asked_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(condition=models.Q(("role__in", ["province_officer", "city_officer", "county_officer", "county_reviewer", "town_officer", "village_helper", "department_officer", "system_admin", "security_admin", "audit_admin", "supervisor"])), name="user_role"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("role", "department_officer"), models.Q(("department", ""), _negated=True)), models.Q(models.Q(("role", "department_officer"), _negated=True), ("department", "")), _connector="OR"), name="user_department_goes_with_role"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(condition=models.Q(("asked_by", None), models.Q(("asked_by", models.F("id")), _negated=True), _connector="OR"), name="user_not_asked_by_himself"),
        ),
        migrations.AddConstraint(
            model_name="supervisiongrant",
            constraint=models.CheckConstraint(condition=models.Q(("from_day__lt", models.F("until_day"))), name="grant_period"),
        ),
        migrations.AddConstraint(
            model_name="supervisiongrant",
            constraint=models.CheckConstraint(condition=models.Q(("decided_by", None), models.Q(("decided_by", models.F("asked_by")), _negated=True), _connector="OR"), name="grant_second_person"),
        ),
        migrations.AddConstraint(
            model_name="supervisiongrant",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("state", "open"), _negated=True), ("decided_by__isnull", False), _connector="OR"), name="grant_open_is_decided"),
        ),
        migrations.AddConstraint(
            model_name="supervisiongrant",
            constraint=models.CheckConstraint(condition=models.Q(("asked_by", models.F("supervisor")), _negated=True), name="grant_not_for_oneself"),
        ),
        migrations.AddConstraint(
            model_name="supervisiongrant",
            constraint=models.UniqueConstraint(condition=models.Q(("state", "open")), fields=("supervisor",), name="grant_one_open"),
        ),
        migrations.RunSQL(ROLES, UNDO),
    ]
