"""What is looked for in the journal."""

from typing import Any

from django import forms

from doudi.office.audit.selectors import ACTS, Asked, subject_word

__all__ = ["JournalForm"]

_ALL = ("", "全部")


class JournalForm(forms.Form):
    """The filter above the journal; every field may stay empty."""

    who = forms.CharField(label="办理人", required=False, max_length=80, help_text="登录名")
    act = forms.ChoiceField(label="行为", required=False)
    kind = forms.ChoiceField(label="对象种类", required=False)
    subject = forms.CharField(label="对象", required=False, max_length=80, help_text="引用编号，不填证件号")
    since = forms.DateField(label="从", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput({"type": "date"}))
    outcome = forms.ChoiceField(label="结果", required=False, choices=[_ALL, ("refused", "只看没有办成的")])

    def __init__(self, *args: Any, **settings: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **settings)
        kinds = (
            "household",
            "person",
            "alert",
            "batch",
            "upload",
            "hold",
            "run",
            "export",
            "user",
            "division",
            "search",
        )
        self.fields["act"].choices = [_ALL, *sorted(ACTS.items(), key=lambda item: item[1])]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["kind"].choices = [_ALL, *((kind, subject_word(kind)) for kind in kinds)]  # type: ignore[attr-defined]  # as above

    def clean(self) -> dict[str, Any]:
        """The last day does not come before the first."""
        given = super().clean() or {}
        if given.get("since") and given.get("until") and given["until"] < given["since"]:
            self.add_error("until", "止日早于起日；请改其中一个。")
        return given

    @property
    def asked(self) -> Asked:
        """What was asked, of a form without errors."""
        given = self.cleaned_data
        return Asked(
            actor=given["who"], act=given["act"], subject_kind=given["kind"], subject=given["subject"],
            since=given["since"], until=given["until"], refused=bool(given["outcome"]),
        )  # fmt: skip
