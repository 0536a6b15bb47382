"""The people of the demo city's office: one of each role, and the neighbours who must see nothing. All are invented."""

from typing import Final, NamedTuple

from doudi.office.common.roles import Role

__all__ = ["CITY", "PERSONAS", "Persona"]

CITY: Final = 370500000000


class Persona(NamedTuple):
    """Somebody who works here; `kind` is his organisation's."""

    shown_name: str
    login: str
    role: Role
    division: int
    kind: str = "民政"


PERSONAS: Final = (
    Persona("张敏", "zhangmin", Role.COUNTY_OFFICER, 370502000000),
    Persona("张审", "zhangshen", Role.COUNTY_REVIEWER, 370502000000),
    Persona("李伟", "liwei", Role.TOWN_OFFICER, 370502001000),
    Persona("王芳", "wangfang", Role.VILLAGE_HELPER, 370502001011),
    Persona("赵强", "zhaoqiang", Role.COUNTY_OFFICER, 370503000000),
    Persona("孙丽", "sunli", Role.TOWN_OFFICER, 370502002000),
    Persona("钱勇", "qianyong", Role.VILLAGE_HELPER, 370502001013),
    Persona("周涛", "zhoutao", Role.CITY_OFFICER, CITY),
    Persona("吴静", "wujing", Role.PROVINCE_OFFICER, 370000000000),
    Persona("郑医", "zhengyi", Role.DEPARTMENT_OFFICER, CITY, "医保"),
    Persona("冯联", "fenglian", Role.DEPARTMENT_OFFICER, CITY, "残联"),
    Persona("陈卫", "chenwei", Role.DEPARTMENT_OFFICER, CITY, "卫健"),
    Persona("褚教", "chujiao", Role.DEPARTMENT_OFFICER, CITY, "教育"),
    Persona("卫社", "weishe", Role.DEPARTMENT_OFFICER, CITY, "人社"),
    Persona("蒋农", "jiangnong", Role.DEPARTMENT_OFFICER, CITY, "农业农村"),
    Persona("沈住", "shenzhu", Role.DEPARTMENT_OFFICER, CITY, "住建"),
    Persona("韩急", "hanji", Role.DEPARTMENT_OFFICER, CITY, "应急"),
    Persona("杨财", "yangcai", Role.DEPARTMENT_OFFICER, CITY, "财政"),
    Persona("朱数", "zhushu", Role.DEPARTMENT_OFFICER, CITY, "大数据"),
    Persona("秦系", "qinxi", Role.SYSTEM_ADMIN, CITY, "大数据"),
    Persona("尤安", "youan", Role.SECURITY_ADMIN, CITY, "大数据"),
    Persona("许审", "xushen", Role.AUDIT_ADMIN, CITY, "大数据"),
    Persona("何督", "hedu", Role.SUPERVISOR, CITY, "审计"),
)
