"""What a hurried, a careless and a malicious hand type into a field."""

# name → value; each is sent into every field of every form, one at a time
NASTY = {
    "空": "",
    "只有空格": "  \t　",
    "太长": "长" * 5_000,
    "一行二十万字": "x" * 200_000,
    "控制字符": "a\x00b\x07c\x1b[31m",
    "换行": "一\r\n二\n\n三",
    "表情": "👵🏽👨‍👩‍👧‍👦🧧",
    "从右到左": "\u202eabc\u202c",
    "SQL": "' OR 1=1; DROP TABLE audit_entry; --",
    "脚本": "<script>alert(1)</script>",
    "模板": "{{ 7|add:7 }}{% include 'x' %}",
    "路径": "../../etc/passwd\x00.csv",
    "公式": '=HYPERLINK("http://x.invalid","点我")',
    "负数": "-1",
    "大数": "9" * 40,
    "小数": "1e309",
    "不是数": "NaN",
    "布尔": "true",
    "列表": "[1,2]",
    "对象": '{"a":1}',
    "假日期": "2026-02-30",
    "公元前": "-0001-01-01",
    "远日期": "99999-12-31",
    "通配": "%_*?",
    "反斜杠": "\\",
    "证件号": "370502199901010000",
}

# One of each kind: these are tried in one field alone, while all others hold something harmless
KINDS = {word: NASTY[word] for word in ("空", "太长", "控制字符", "SQL", "大数", "不是数", "假日期", "对象")}


def turns(fields, longest=None):
    """As many fillings as there are values: every field meets every value, and no two fields hold the same at a time."""
    words = [word for word, value in NASTY.items() if longest is None or len(value) <= longest]
    for turn in range(len(words)):
        taken = [words[(turn + place) % len(words)] for place in range(len(fields))]
        yield f"all at once, first {taken[0]}", {f: NASTY[word] for f, word in zip(fields, taken, strict=True)}
