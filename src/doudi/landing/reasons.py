"""退回和改正的理由：每一条说清哪一列、什么毛病、怎么办。

Each reason by its code. No sentence holds a value: reasons are read by people who may not see the line.
`{column}` is the header as the file spells it, `{words}` the contract's allowed words, `{seen}` and `{expected}` counts.
"""

from doudi.errors import Fault

__all__ = ["REASONS", "REPAIRS", "reason", "repair"]

# Why a line is rejected; of an optional column, why its value is left empty.
REASONS = {
    # the shape of a line
    "cell_count": "本行有 {seen} 格，表头有 {expected} 格，对不上。请检查是否少填、多填或格内带有分隔符。",
    "unclosed_quote": "本行有一个双引号没有合上，无法分清各格。请补上或去掉引号后再报。",
    "control_character": "本行含有无法显示的控制字符（如 NUL）。请重新导出本行后再报。",
    "undecodable": "本行的文字编码与文件其余部分不同，无法读出。请把整个文件另存为 UTF-8 后再报。",
    "line_too_long": "本行过长（超过 {expected} 字节），不像本表的一行。请检查是否缺少换行。",
    # any value
    "missing_value": "“{column}”必须填写，现为空。请补填后再报。",
    "value_too_long": "“{column}”的内容过长（超过 {expected} 字）。请检查是否错列。",
    "formula": "“{column}”的内容像公式（以 =、+、-、@ 开头）。请改为数值或文字后再报。",
    "control_in_value": "“{column}”含有无法显示的控制字符。请重新填写后再报。",
    # ids
    "id_length": "“{column}”不是 18 位（也不是 15 位或 20 位残疾人证号）。请核对原件后改正再报。",
    "id_characters": "“{column}”含有数字和末位 X 以外的字符。请核对原件后改正再报。",
    "id_region": "“{column}”的前两位不是已有的地区代码。请核对原件后改正再报。",
    "id_birth": "“{column}”里的出生日期不存在，或早于 1900 年，或晚于本期。请核对原件后改正再报。",
    "id_check_digit": "“{column}”的校验位不对：末位与前 17 位不符。请核对原件后改正再报。",
    "id_rounded": "“{column}”的末几位成了 0，像是被表格软件当作数字改写了。请把该列设为文本，从原系统重新导出。",
    "id_scientific": "“{column}”成了科学计数法，末几位已丢失。请把该列设为文本，从原系统重新导出。",
    # dates and months
    "date_format": "“{column}”不是能认出的日期。请写成 2026-03-01 这样。",
    "date_absent": "“{column}”写的日期并不存在（月份或日子超出范围）。请核对后改正再报。",
    "date_early": "“{column}”的日期早于 1900 年。请核对后改正再报。",
    "date_late": "“{column}”的日期远在本期之后。请核对后改正再报。",
    "month_format": "“{column}”不是能认出的月份。请写成 2026-03 这样。",
    # numbers
    "money_format": "“{column}”不是能认出的金额。请写成 1234.50 这样，单位为元。",
    "money_cents": "“{column}”的金额比分还细。请写到分为止。",
    "money_range": "“{column}”的金额大得不可能。请核对后改正再报。",
    "money_negative": "“{column}”的金额为负，而本行不是冲销行。请改正；退费冲销须填原流水号。",
    "number_format": "“{column}”不是能认出的整数。请只写数字。",
    "number_range": "“{column}”的数超出可能的范围。请核对后改正再报。",
    "decimal_format": "“{column}”不是能认出的数。请写成 12.5 这样。",
    "decimal_digits": "“{column}”的小数超过六位。请四舍五入到六位以内。",
    # words
    "code_unknown": "“{column}”的内容不在约定的词里。请改为：{words}。",
    "division_format": "“{column}”不是 12 位区划代码。请填统计用区划代码。",
    "division_unknown": "“{column}”的区划代码不存在。请核对统计用区划代码。",
}

# What was put right on a line that is kept.
REPAIRS = {
    "unwrapped": '“{column}”外面的 ="…" 或单引号已去掉',
    "inner_break": "“{column}”里的换行或制表符已换成空格",
    "id_spelling": "“{column}”里的空格、全角数字或小写 x 已改正",
    "id_15": "“{column}”的 15 位号码已升为 18 位",
    "id_20": "“{column}”的残疾人证号已取前 18 位",
    "money_float": "“{column}”的浮点尾数已去掉，取到分",
    "code_spelling": "“{column}”里的空格或全角字符已改正",
    "number_spelling": "“{column}”里的单位或全角数字已去掉",
    "division_padded": "“{column}”不足 12 位，已在后面补零",
    "division_county": "“{column}”在本市区划表里没有，已记到县级",
}


def reason(code: str, **facts: str | int) -> str:
    """The sentence of a rejection."""
    return _filled(REASONS, code, facts)


def repair(code: str, **facts: str | int) -> str:
    """The sentence of a repair; a value dropped from an optional column is told by its reason and what was done."""
    if code in REASONS:
        return _filled(REASONS, code, facts).split("。")[0] + "；该列可不填，已按空值收下"
    return _filled(REPAIRS, code, facts)


def _filled(table: dict[str, str], code: str, facts: dict[str, str | int]) -> str:
    if code not in table:
        raise Fault("landing.no_such_reason", f"理由 {code} 没有写进理由表。")
    return table[code].format(**facts)
