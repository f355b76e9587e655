"""Personal data: by a column's name, by a value's shape. It is refused, and a value is never shown."""

import re

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Table

from database.loading.findings import Flag, flagged

HEADERS = re.compile(
    r"姓名|身份证|证件|电话|手机|联系方式|住址|地址|门牌|户籍|出生|生日|信访人|上访人|当事人|申请人|投诉人|来访人|联系人|微信|邮箱|银行卡"
    r"|petitioner|complainant|applicant|person|citizen|id_?card|id_?n(o|um)|identity|passport|phone|mobile|\btel\b"
    r"|address|e_?mail|birth|wechat|bank"
    r"|^((full|first|last|sur|family|given|user|contact)_?)?name$",
    re.IGNORECASE,
)
"""Names of columns that speak of a person; no such column belongs in the shared database."""

_DIGITS = r"[0-9０-９]"
_ID = rf"(?<!{_DIGITS})[1-9１-９]{_DIGITS}{{5}}[ -]?{_DIGITS}{{8}}[ -]?{_DIGITS}{{3}}[0-9０-９XxＸｘ](?!{_DIGITS})"
_MOBILE = rf"(?<!{_DIGITS})[1１][3-9３-９]{_DIGITS}[ -]?{_DIGITS}{{4}}[ -]?{_DIGITS}{{4}}(?!{_DIGITS})"
SHAPES = (("疑似身份证号码，涉及个人信息，不得导入", _ID), ("疑似手机号码，涉及个人信息，不得导入", _MOBILE))

FREE_OF_SHAPES = frozenset({"case_no", "repeat_of"})
"""Numbers of a ledger, which may be as long."""

LONGEST = 40
HIDDEN = "（不显示）"


def is_personal_header(header: str) -> bool:
    """Whether a column of this name speaks of a person."""
    return HEADERS.search(header.strip()) is not None


def personal_flags(table: Table, text: pd.DataFrame) -> list[Flag]:
    """Return each text that holds what looks like an identity card's or a mobile telephone's number."""
    return [
        flag
        for name in text.columns.intersection(list(_free_texts(table)))
        for reason, shape in SHAPES
        for flag in flagged(table.name, text, text[name].str.contains(shape, regex=True), name, reason)
    ]


def shown(value: object, column: str) -> str:
    """Return a cell's text as it may be told: short, and nothing that looks personal."""
    text = shown_whole(value, column)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def shown_whole(value: object, column: str) -> str:
    """Return a cell's text, or that it is not shown; "" for an empty one."""
    if not isinstance(value, str):
        return ""
    is_personal = column not in FREE_OF_SHAPES and any(re.search(shape, value) for _, shape in SHAPES)
    return HIDDEN if is_personal else value


def _free_texts(table: Table) -> set[str]:
    """Return the text columns that hold no codes."""
    codes = {column.name for column in table.columns if column.name == "code" or column.name.endswith("_code")}
    texts = {column.name for column in table.columns if isinstance(column.type, sa.String)}
    return texts - codes - FREE_OF_SHAPES - {"scheme"}
