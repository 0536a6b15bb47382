"""埋点的缺省：一条记录没有写出的格子填什么。

What a planted record says when its author did not. Values are written as in the plant files; a text that begins with `=`
is worked out from the household (`docs/build/plants.md` prints the same table for authors).
"""

from typing import TypeAlias

__all__ = ["DEFAULTS", "Written"]

Written: TypeAlias = str | int | float | None

# =case, =township, =household: the household's own · =kind: 城市/农村 · =members: how many · =fresh: a number never used
# before · =own: one number per household · =year, =school_year: of the last month, of the delivery · =of <column>: as there
# =department: who runs the programme · =month: the month of the line's date, as 所属期
DEFAULTS: dict[str, dict[str, Written]] = {
    "dibao_roll": {
        "case_no": "=case", "kind": "=kind", "single": "否", "amount_month": 620, "division": "=township", "status": "在保",
        "members_counted": "=members", "members_paid": "=members", "income_class": "稳定", "since": "-24m", "reviewed": "-3m",
    },
    "tekun_roll": {
        "kind": "=kind", "support": "分散", "care": "全自理", "amount_month": 1395, "division": "=township", "status": "在保",
        "since": "-24m",
    },
    "low_income_roll": {"category": "低保边缘", "case_no": "=case", "division": "=township", "since": "-6m", "until": "+6m"},
    "refused_or_left": {"happened": "退出", "category": "低保", "date": "-6m", "reason": "收入变化"},
    "fanpin_roll": {"household_no": "=household", "kind": "边缘易致贫户", "risk": "因病", "since": "-12m", "income_year": 9800},
    "medical_settlement": {
        "settlement_no": "=fresh", "date": "-40d", "kind": "住院", "total": 10_000, "in_scope": "=of total", "basic_paid": 0,
        "major_paid": 0, "aid_paid": 0, "disease": "普通疾病",
    },
    "medical_enrolment": {"year": "=year", "scheme": "居民", "paid": "已缴"},
    "serious_illness": {"disease": "恶性肿瘤", "diagnosed": "-3m"},
    "disability": {"kind": "肢体", "grade": "四级", "issued": "-24m", "until": "+96m", "status": "有效"},
    "disability_allowance": {"kind": "困难残疾人生活补贴", "amount_month": 162, "division": "=township", "since": "-12m"},
    "unemployment": {"since": "-3m"},
    "social_insurance": {"month": 0, "base": 4500, "employer_no": "=own", "employer": "示例单位", "payer_kind": "单位职工"},
    "pension": {"scheme": "居民", "amount_month": 220, "basic_month": 190},
    "hardship_student": {
        "year": "=school_year", "stage": "高中", "school": "示例学校", "level": "困难", "fee_year": 1600, "aid_year": 0,
    },
    "vehicle": {
        "plate_kind": "小型汽车", "plate": "=fresh", "kind": "小型轿车", "registered": "-48m", "value": 60_000, "status": "正常",
    },
    "real_estate": {"certificate": "=fresh", "use": "住宅", "area": 90, "share": 1, "registered": "-96m"},
    "business": {"credit_code": "=fresh", "role": "法定代表人", "capital": 500_000, "status": "存续"},
    "income_tax": {"month": 0, "item": "工资薪金", "payer": "示例单位", "income": 5000},
    "housing_fund": {"base": 4500, "status": "正常"},
    "financial_check": {"authorisation": "=fresh", "asked": "-1m", "balance": 10_000},
    "death": {"date": "-2m"},
    "custody": {"kind": "服刑", "since": "-6m"},
    "public_payroll": {"unit": "示例单位"},
    "disaster": {"event": "示例暴雨", "date": "-1m", "loss": 20_000, "house": "一般损坏"},
    "assistance": {
        "record_no": "=fresh", "programme": "临时救助", "amount": 500, "date": "-1m", "period": "=month", "department": "=department",
    },
    "staff_kin": {"staff_post": "民政经办", "relation": "兄弟姐妹", "declared": "是"},
    "student_roll": {"stage": "高中", "full_time": "是", "school": "示例学校", "boarding": "否"},
    "child_welfare_roll": {"kind": "事实无人抚养儿童", "amount_month": 2150, "since": "-12m"},
    "kinship": {"kind": "父亲"},
    "housing_need": {"kind": "危房D级", "since": "-3m"},
    "enrolled_elsewhere": {"kind": "低保", "division": "371402000000", "since": "-12m"},
}  # fmt: skip
