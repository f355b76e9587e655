"""导入: what the page remembers between its steps, the progress of a load, and its report."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import pandas as pd
import streamlit as st

from components.tables import Column, count, html_table

SHOWN = 100
"""Problems shown on the page; the download has more."""

BY_COMMAND = (
    "本库没有设置导入地址（LOADER_URL），不能在网页上导入。请管理员在服务器上用命令导入："
    "先执行 python -m database load --dry-run 文件 检查，再去掉 --dry-run 写入。"
)

PROBLEMS = (
    Column("file", "文件"),
    Column("row", "行", count, is_number=True),
    Column("column", "列"),
    Column("reason", "问题"),
)
COUNTS = (Column("table", "数据表"), Column("changed", "新增或变更（行）", count, is_number=True))

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
        caption = f"另有{rest}处未列出，可下载全部。" if rest > 0 else ""
        html_table(outcome.problems.head(SHOWN), PROBLEMS, caption=caption)
