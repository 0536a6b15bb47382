"""What is typed to ask for a client, checked for its form only; whether it is allowed, the services say."""

from typing import Any, Final

from django import forms

from doudi.errors import Refusal
from doudi.office.accounts.selectors import organisation_names
from doudi.office.api.states import CLIENT_ROLES
from doudi.office.common.roles import LABELS

__all__ = ["ClientForm", "told"]

# Beside which field a refusal's sentence stands; at the head of the form when it is none of these.
_BESIDE: Final = {
    "api.purpose": "purpose",
    "api.role": "role",
    "api.client_twice": "code",
    "accounts.division": "division",
    "accounts.role_level": "division",
    "accounts.beyond": "division",
    "accounts.role_kind": "role",
    "accounts.no_organisation": "organisation",
}


def told(form: forms.Form, refusal: Refusal) -> None:
    """Puts the refusal's sentence beside its field, or at the head of the form."""
    form.add_error(_BESIDE.get(refusal.code), refusal.sentence)


class ClientForm(forms.Form):
    """申请系统接入"""

    name = forms.CharField(label="系统名称", max_length=60, help_text="例如：省民政统一平台。")
    code = forms.RegexField(
        label="接入代号", regex=r"^[a-z][a-z0-9-]{2,39}$", max_length=40,
        help_text="流水里用它称呼这个系统。小写字母开头，可用小写字母、数字和 -。",
        error_messages={"invalid": "接入代号须以小写字母开头，只用小写字母、数字和 -，3 至 40 位。"},
    )  # fmt: skip
    organisation = forms.TypedChoiceField(label="机构", coerce=int)
    role = forms.ChoiceField(
        label="替哪个岗位读", choices=[(role.value, LABELS[role]) for role in CLIENT_ROLES],
        help_text="看得到哪些内容、遮到什么程度，与这个岗位的人一样。",
    )  # fmt: skip
    division = forms.RegexField(
        label="管辖区划", regex=r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$", max_length=12,
        help_text="填 12 位代码，末尾的零可以省略；代码可在“行政区划”页查到。",
        error_messages={"invalid": "请填 2 至 12 位数字的区划代码，例如 370502 或 370502001000。"},
    )  # fmt: skip
    purpose = forms.CharField(
        label="用途", max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="为什么读、读来做什么、凭哪份文件；读到每一户时都随流水记下。",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - handed on to Form
        super().__init__(*args, **kwargs)
        organisations = [("", "请选择"), *((str(pk), name) for pk, name in organisation_names().items())]
        self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]  # Form knows its fields as plain ones
        for field in self.fields.values():
            verb = "选" if isinstance(field, forms.ChoiceField) else "填"
            field.error_messages["required"] = f"请{verb}{field.label}。"

    def clean_division(self) -> int:
        """The code of twelve digits."""
        return int(str(self.cleaned_data["division"]).ljust(12, "0"))
