"""导入: what the page remembers between its steps, the progress of a load, and its report."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from components.tables import Column, count, html_table
from components.workbook import MIME

SHOWN = 100
"""Problems shown on the page; the download has more."""

BY_COMMAND = (
    "本库没有设置导入地址（LOADER_URL），不能在网页上导入。请管理员在服务器上用命令导入："
    "先执行 python -m database load --dry-run 文件 检查，再去掉 --dry-run 写入。"
)


def row_number(value: Any) -> str:
    """Write a row's number; row 0 is the file or sheet as a whole."""
    return f"{int(value)}" if value else "整表"


PROBLEMS = (
    Column("severity", "程度"),
    Column("file", "文件"),
    Column("sheet", "工作表"),
    Column("row", "行", row_number, is_number=True),
    Column("column", "列"),
    Column("value", "值"),
    Column("reason", "问题"),
    Column("count", "涉及行数", count, is_number=True),
)
COUNTS = (
    Column("table", "数据表"),
    Column("added", "新增（行）", count, is_number=True),
    Column("changed", "修改", count, is_number=True),
    Column("unchanged", "不变", count, is_number=True),
    Column("deleted", "删除", count, is_number=True),
    Column("skipped", "跳过", count, is_number=True),
)

IMPORT, DELETE = "导入或更正", "删除（只看主键列，其余各列不读）"
"""What a page's files are for."""

_OUTCOME, _ROUND = "_import_outcome", "_import_round"
Progress = Callable[[str, int, int], None]


class Outcome(Protocol):
    """What came of a check or a load: one sentence, the problems, the counts by table."""

    @property
    def said(self) -> str: ...  # noqa: D102
    @property
    def is_ready(self) -> bool: ...  # noqa: D102
    @property
    def is_written(self) -> bool: ...  # noqa: D102
    @property
    def problems(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def counts(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def report(self) -> bytes | None: ...  # noqa: D102


def uploader_key() -> str:
    """Return the uploader's key: a new one after each load, so that nothing uploaded stays."""
    return f"import_files_{st.session_state.get(_ROUND, 0)}"


def keep(fingerprint: str, outcome: Outcome) -> None:
    """Remember what came of a check of exactly these files; a load empties the uploader and outlives it."""
    if outcome.is_written:
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
        fingerprint = ""
    st.session_state[_OUTCOME] = (fingerprint, outcome)


def kept(fingerprint: str) -> Outcome | None:
    """Return what is remembered of exactly these files; None when others were chosen since."""
    of, outcome = st.session_state.get(_OUTCOME, ("", None))
    return outcome if of == fingerprint else None


def purpose() -> bool:
    """Ask what the files are for; whether their rows are to go."""
    return st.radio("这些文件用来", [IMPORT, DELETE], horizontal=True, key="import_purpose") == DELETE


def confirm_button(*, is_deleting: bool) -> bool:
    """Offer to write what was checked."""
    if is_deleting:
        return st.button("确认删除", icon=":material/delete:", type="primary")
    return st.button("确认写入", icon=":material/save:", type="primary")


def template_download(*, data: Callable[[], bytes]) -> None:
    """Offer the workbook to fill in; `data` must be a guarded callable of the page."""
    st.download_button("下载导入模板", data, "导入模板.xlsx", MIME, icon=":material/download:", on_click="ignore")


def report_download(*, data: Callable[[], bytes]) -> None:
    """Offer the workbook of what is wrong, its rows marked; `data` must be a guarded callable of the page."""
    label = "下载问题清单和标出的行"
    st.download_button(label, data, "导入问题.xlsx", MIME, icon=":material/download:", on_click="ignore")


@contextmanager
def working(what: str) -> Iterator[Progress]:
    """Show a bar while a check or a load runs; yields what is to be told of its progress."""
    bar = st.progress(0.0, f"{what}……")

    def tell(step: str, done: int, total: int) -> None:
        bar.progress(min(done / total, 1.0) if total else 0.0, f"{what}：{step}（{done}/{total}）")

    try:
        yield tell
    finally:
        bar.empty()


def report(outcome: Outcome) -> None:
    """Show what came of a check or a load."""
    show = st.success if outcome.is_ready or outcome.is_written else st.warning if outcome.problems.empty else st.error
    show(outcome.said)
    if not outcome.counts.empty:
        html_table(outcome.counts, COUNTS)
    if not outcome.problems.empty:
        rest = len(outcome.problems) - SHOWN
        caption = f"另有{rest}处未列出，见下载的工作簿。" if rest > 0 else ""
        html_table(outcome.problems.head(SHOWN), PROBLEMS, caption=caption)
