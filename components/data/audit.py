"""操作记录: its filters and its table."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from analysis.audit import KINDS
from analysis.wording import moment
from components.tables import Column

SHOWN = 200
"""Acts on the page; the download has all that were asked for."""
DAYS = (1, 7, 30, 180, 365)


def local_moment(value: Any) -> str:
    """Write a moment of the trail (UTC) as China's clock showed it."""
    return moment(pd.Timestamp(value).to_pydatetime())


ACTS = (
    Column("at", "时间", local_moment, csv=local_moment),
    Column("account", "账号"),
    Column("action", "操作"),
    Column("subject", "对象"),
    Column("address", "地址"),
)


def chosen(accounts: Sequence[str]) -> tuple[int, str | None, list[str]]:
    """Draw the filters and return the days back, the account (None: all) and the kinds (none: all)."""
    left, middle, right = st.columns([1, 1, 2])
    days = left.selectbox("时间", DAYS, index=2, format_func=lambda n: f"近{n}天", key="audit_days")
    account = middle.selectbox("账号", accounts, index=None, placeholder="全部", key="audit_account")
    kinds = right.multiselect("类别", KINDS, placeholder="全部", key="audit_kinds")
    return int(days), account, list(kinds)


def caption(table: pd.DataFrame, counts: Mapping[str, int]) -> str:
    """Say what of the trail the page and the download leave out; nothing where they leave out nothing."""
    total = sum(counts.values())
    if total > len(table):
        return f"最新{SHOWN}条；共{total:,}条，下载含最新{len(table):,}条，其余请缩短时间。"
    return f"最新{SHOWN}条；共{total:,}条，下载为全部。" if total > SHOWN else ""
