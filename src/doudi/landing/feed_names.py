"""来件的名称：约定里的每一种来件，我们说给人听的叫法。

What we call each feed of the contract: the words of docs/glossary.yaml (a test compares), said nowhere else. They are the
house's and not the departments', hence no part of feeds.yaml.
"""

from typing import Final

__all__ = ["FEED_NAMES", "feed_name"]

FEED_NAMES: Final = {
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


def feed_name(feed: str) -> str:
    """低保名册 for `dibao_roll`; the code itself where the contract has no such feed (a batch of an earlier contract)."""
    return FEED_NAMES.get(feed, feed)
