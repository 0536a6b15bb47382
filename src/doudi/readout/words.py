"""说法：代码里的词怎样说给人听。

The Chinese for the words that entries carry.
"""

from typing import Final

__all__ = ["CADENCE", "DISPOSITION", "FEEDS", "GRAIN", "STATUS"]

GRAIN: Final = {"person": "个人", "household": "家庭", "delivery": "来件", "any": "通用"}
CADENCE: Final = {"monthly": "按月", "season": "按季节", "term": "按学期", "event": "因事"}
DISPOSITION: Final = {
    "eligible": "可能符合未纳入",
    "unfulfilled": "政策未落实",
    "complex": "情形复杂",
    "ineligible": "可能不再符合",
    "supervision": "工作督促",
}
STATUS: Final = {"new": "新增", "continuing": "延续", "unconfirmed": "未确认", "cleared": "解除"}
# The feeds' words of docs/glossary.yaml, tested against it.
FEEDS: Final = {
    "population": "人口库", "dibao_roll": "低保名册", "tekun_roll": "特困名册", "low_income_roll": "低收入名册",
    "refused_or_left": "未获批准与退出", "fanpin_roll": "防返贫名册", "medical_settlement": "医疗结算",
    "medical_enrolment": "医保参保", "serious_illness": "重病登记", "disability": "残疾人证",
    "disability_allowance": "残疾人两项补贴", "unemployment": "失业登记", "social_insurance": "社保缴费",
    "pension": "养老待遇", "hardship_student": "困难学生", "vehicle": "机动车", "real_estate": "不动产",
    "business": "市场主体", "income_tax": "个人所得", "housing_fund": "公积金", "financial_check": "金融资产核对",
    "death": "死亡登记", "custody": "羁押登记", "public_payroll": "财政供养", "disaster": "受灾登记",
    "assistance": "救助记录", "staff_kin": "近亲属备案", "student_roll": "学籍", "child_welfare_roll": "儿童名册",
    "kinship": "亲属关系", "housing_need": "住房需求", "enrolled_elsewhere": "外地在保",
}  # fmt: skip
