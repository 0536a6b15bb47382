"""The table of the systems that were let in; the grants of the toolkit that are not used here are shut in the database."""
# fmt: off

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Only client credentials are granted: no row of any other kind of grant can be made, whatever the code says.
SHUT = """
REVOKE INSERT, TRUNCATE ON oauth2_provider_grant, oauth2_provider_refreshtoken, oauth2_provider_idtoken, oauth2_provider_devicegrant
FROM doudi_app;
"""
UNDO = """
GRANT INSERT ON oauth2_provider_grant, oauth2_provider_refreshtoken, oauth2_provider_idtoken, oauth2_provider_devicegrant
TO doudi_app;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("oauth2_provider", "0022_refreshtoken_token_family_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="Client",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="系统名称")),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="接入代号")),
                ("role", models.CharField(choices=[("province_officer", "省级民政人员"), ("city_officer", "市级民政人员"), ("county_officer", "县区民政经办人员"), ("county_reviewer", "县区民政审核人员"), ("town_officer", "乡镇（街道）经办人员"), ("department_officer", "部门数据员")], max_length=24, verbose_name="岗位角色")),
                ("division", models.BigIntegerField(verbose_name="管辖区划")),
                ("department", models.CharField(blank=True, default="", max_length=12, verbose_name="部门")),
                ("purpose", models.CharField(max_length=200, verbose_name="用途")),
                ("state", models.CharField(choices=[("asked", "待批准"), ("active", "在用"), ("withdrawn", "已停用"), ("declined", "未批准")], default="asked", max_length=10, verbose_name="状态")),
                ("asked_at", models.DateTimeField(verbose_name="提出时间")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="批准时间")),
                ("failures", models.PositiveSmallIntegerField(default=0, verbose_name="连续失败次数")),
                ("locked_until", models.DateTimeField(null=True, verbose_name="锁定至")),
                ("used_at", models.DateTimeField(null=True, verbose_name="最近取令牌")),
                ("application", models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="client", to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL, verbose_name="凭据")),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="提出人")),
                ("decided_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="批准人")),
                ("organisation", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation", verbose_name="机构")),
            ],
            options={
                "db_table": "api_client",
                "ordering": ["-asked_at", "-id"],
                "default_permissions": (),
                "constraints": [models.CheckConstraint(condition=models.Q(("role__in", ["province_officer", "city_officer", "county_officer", "county_reviewer", "town_officer", "department_officer"])), name="client_role"), models.CheckConstraint(condition=models.Q(("decided_by", None), models.Q(("decided_by", models.F("asked_by")), _negated=True), _connector="OR"), name="client_second_person"), models.CheckConstraint(condition=models.Q(models.Q(("state", "active"), _negated=True), models.Q(("application__isnull", False), ("decided_by__isnull", False)), _connector="OR"), name="client_active_is_decided")],
            },
        ),
        migrations.RunSQL(SHUT, UNDO),
    ]
