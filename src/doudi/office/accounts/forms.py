"""What is typed, checked for its form only; whether it is allowed, the services say."""

from typing import Any, ClassVar

from django import forms

from doudi.errors import Refusal
from doudi.office.accounts.kinds import KINDS
from doudi.office.accounts.models import AccountChange, User
from doudi.office.common.roles import LABELS, Role

__all__ = [
    "ChangeForm", "CodeForm", "LoginForm", "OrganisationForm", "PasswordForm", "SupervisionForm", "UserForm", "told",
]  # fmt: skip

_ROLES = [(role.value, LABELS[role]) for role in Role if role is not Role.MACHINE]

# Beside which field a refusal's sentence stands; at the head of the form when it is none of these.
_BESIDE = {
    "accounts.old_password": "old",
    "accounts.password_rules": "new",
    "accounts.login_taken": "login",
    "accounts.one_account": "staff_no",
    "accounts.division": "division",
    "accounts.role_level": "division",
    "accounts.beyond": "division",
    "accounts.role_kind": "role",
    "accounts.roles_exclude": "role",
    "accounts.organisation_twice": "name",
    "accounts.notice": "notice_no",
    "accounts.grant_days": "until_day",
    "accounts.grant_division": "division",
    "accounts.why": "why",
}


def told(form: forms.Form, refusal: Refusal) -> None:
    """Puts the refusal's sentence beside its field, or at the head of the form."""
    beside = _BESIDE.get(refusal.code)
    form.add_error(beside if beside in form.fields else None, refusal.sentence)


class _Asked(forms.Form):
    """A form that names what is missing: 请填机构名称。"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - handed on to Form
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            verb = "选" if isinstance(field, forms.ChoiceField) else "填"
            field.error_messages["required"] = f"请{verb}{field.label}。"


class DivisionField(forms.CharField):
    """A division's code; what is left out at its end is zeros. Cleans to a number."""

    default_error_messages: ClassVar = {"code": "请填 2 至 12 位数字的区划代码，例如 370502 或 370502001000。"}

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - handed on to CharField
        help_text = "填 12 位代码，末尾的零可以省略；代码可在“行政区划”页查到。"
        super().__init__(**{"max_length": 12, "help_text": help_text, **kwargs})

    def clean(self, value: object) -> int | None:
        """The code of twelve digits; None where none is required and none is given."""
        digits = super().clean(value).strip()
        if not digits and not self.required:
            return None
        if not (digits.isascii() and digits.isdigit() and len(digits) in {2, 4, 6, 9, 12}):
            raise forms.ValidationError(self.error_messages["code"], code="code")
        return int(digits.ljust(12, "0"))


def _password(label: str, kind: str, help_text: str = "") -> forms.CharField:
    shown = forms.PasswordInput(attrs={"autocomplete": kind})
    return forms.CharField(label=label, max_length=256, strip=False, widget=shown, help_text=help_text)


class LoginForm(_Asked):
    """登录"""

    login = forms.CharField(
        label="登录名",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = _password("密码", "current-password")


class CodeForm(_Asked):
    """动态口令"""

    code = forms.CharField(
        label="动态口令", max_length=8, help_text="手机验证器上显示的 6 位数字，30 秒换一次。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip


class PasswordForm(_Asked):
    """修改密码"""

    old = _password("现在的密码", "current-password")
    new = _password("新密码", "new-password")
    again = _password("再输一遍新密码", "new-password")

    def clean(self) -> dict[str, Any]:
        """Both must be alike."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", "两次输入的新密码不一样，请重新输入。")
        return given


class OrganisationForm(_Asked):
    """新增机构"""

    name = forms.CharField(label="机构名称", max_length=80)
    kind = forms.ChoiceField(label="机构类别", choices=[(kind, kind) for kind in KINDS])
    division = DivisionField(label="所在区划")


class UserForm(_Asked):
    """新增用户"""

    login = forms.RegexField(
        label="登录名", regex=r"^[a-z][a-z0-9._-]{2,39}$", max_length=40,
        help_text="小写字母开头，可用小写字母、数字和 . _ -，至少 3 位。",
        error_messages={"invalid": "登录名须以小写字母开头，只用小写字母、数字和 . _ -，3 至 40 位。"},
    )  # fmt: skip
    shown_name = forms.CharField(label="姓名", max_length=40)
    staff_no = forms.CharField(label="工号", max_length=40, help_text="一人一个账号，靠工号辨认；不要填公民身份号码。")
    role = forms.ChoiceField(label="岗位角色", choices=_ROLES)
    division = DivisionField(label="管辖区划")

    def clean_staff_no(self) -> str:
        """An id is no staff number: it must not stand in a plain column."""
        given = str(self.cleaned_data["staff_no"]).strip()
        if len(given) >= 15 and given[:-1].isdigit():
            raise forms.ValidationError("工号不能填公民身份号码；请填本单位的工号。", code="id")
        return given


class ChangeForm(_Asked):
    """申请变更"""

    kind = forms.ChoiceField(label="变更事项", choices=list(AccountChange.KINDS.items()))
    why = forms.CharField(label="理由", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    role = forms.ChoiceField(label="新岗位（调整岗位时填）", choices=[("", "不变"), *_ROLES], required=False)
    division = DivisionField(label="新管辖区划（调整岗位时填）", required=False)


class _People(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the type checker only
    def label_from_instance(self, obj: User) -> str:
        return f"{obj.shown_name}（{obj.organisation.name}）"


class SupervisionForm(_Asked):
    """申请开通外部监督"""

    supervisor = _People(label="监督人员", queryset=User.objects.none(), empty_label="请选择")
    notice_no = forms.CharField(label="通知书文号", max_length=80)
    purpose = forms.CharField(label="监督事项", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    division = DivisionField(label="监督范围")
    from_day = forms.DateField(label="起始日", widget=forms.DateInput(attrs={"type": "date"}))
    until_day = forms.DateField(label="截止日（当天不含）", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - handed on to Form
        super().__init__(*args, **kwargs)
        supervisors = User.objects.filter(role=Role.SUPERVISOR.value, state="active").select_related("organisation")
        self.fields["supervisor"].queryset = supervisors  # type: ignore[attr-defined]  # Form knows its fields as plain ones
