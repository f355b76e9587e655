"""如果: the sliders of the weights, kept in the URL alone, and the table of ranks beside the scheme's."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from analysis.rankings import ranked_rows
from analysis.ranks import UNRANKED
from analysis.what_if import Weights, full_weights, moved_to, parsed, weight_range, written
from analysis.wording import number
from components.columns import TOWNSHIP
from components.marks import change_mark
from components.tables import Column, score, table_html, whole_percent

KEY = "weights"
_TOP, _STEP = 40.0, 0.5
_DRAWN = "_what_if_drawn"
"""The weights of the last showing that ran to its end."""

NOW = (
    Column("place", "调整后名次", figure="rank"),
    Column("change", "较方案", html=change_mark),
    TOWNSHIP,
    Column("scheme_place", "方案名次", is_number=True),
    Column("score", "调整后得分", score, is_number=True, figure="score"),
    Column("scheme_score", "方案得分", score, is_number=True),
)
SURE = (
    Column("interval", "名次范围", is_number=True, figure="rank_interval"),
    Column("band", "判断", figure="band"),
    Column("swing", "权重浮动", is_number=True, figure="weight_stability"),
    Column("beats_next", "高于下一名", whole_percent, is_number=True),
)
EXPORT = (
    Column("place", "调整后名次"),
    Column("change", "较方案"),
    TOWNSHIP,
    Column("scheme_place", "方案名次"),
    Column("score", "调整后得分", csv=score),
    Column("scheme_score", "方案得分", csv=score),
    Column("interval", "名次范围"),
    Column("swing", "权重上下浮动25%时的名次"),
)


def moved_weights(scheme: Weights) -> dict[str, float]:
    """Return the weights that the URL says were moved; what it asks in vain is said, and the scheme's stand."""
    asked = st.query_params.get(KEY, "")
    moved = parsed(asked, scheme)
    if moved is None:
        st.warning(f"链接中的权重设置“{asked}”无法使用，已按方案权重显示。", icon=":material/info:")
    return moved or {}


def weight_sliders(scheme: Weights, moved: Weights, names: Mapping[str, str]) -> None:
    """Show a slider per indicator, all at what they are now, and the button that takes every move back."""
    weights = full_weights(scheme, moved)
    top = _TOP if max(weights.values()) <= _TOP else 100.0
    st.button("恢复方案权重", icon=":material/restart_alt:", disabled=not moved, on_click=_restore)
    for code, weight in weights.items():
        st.session_state[f"weight_{code}"] = weight
        said = "，已调" if code in moved else ""
        label = f"{names[code]}（方案{number(scheme[code], digits=1)}{said}）"
        st.slider(
            label,
            0.0,
            top,
            step=_STEP,
            format="%.1f",
            key=f"weight_{code}",
            on_change=_move,
            args=(scheme, code),
        )
    st.session_state[_DRAWN] = weights


def what_if_rows(rows: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Word `analysis.what_if.reranked`: as `analysis.rankings.ranked_rows`, with scheme_place and swing."""
    worded = ranked_rows(rows, labels)
    scheme = ranked_rows(rows.assign(rank=rows["previous_rank"]), labels)
    ends = zip(rows["weight_low"], rows["weight_high"], strict=True)
    return worded.assign(scheme_place=scheme["place"], swing=[weight_range(low, high) for low, high in ends])


def what_if_table_html(rows: pd.DataFrame, *, is_sure: bool) -> str:
    """Return the ranks under the moved weights beside the scheme's; how sure they are, where that was computed."""
    shown = rows.assign(place=rows["place"].where(rows["rank"].notna(), UNRANKED))
    return table_html(shown, (*NOW, *SURE) if is_sure else NOW)


def what_if_table(rows: pd.DataFrame, *, is_sure: bool) -> None:
    """Show the ranks."""
    st.html(what_if_table_html(rows, is_sure=is_sure))


def is_computed(setting: str) -> bool:
    """Show the button 重新计算 and tell whether it was pressed for this very setting, in this session."""
    if st.button("重新计算", icon=":material/calculate:", help="重新计算名次范围，以及权重上下浮动25%时的名次"):
        st.session_state["_what_if_computed"] = setting
    return bool(st.session_state.get("_what_if_computed") == setting)


def _move(scheme: Weights, code: str) -> None:
    """Take a slider's new weight; one that stands as it was last drawn was not moved.

    A quick hand moves on before all sliders have been told of the move before: one that had not been then reports its
    old weight as if it were new.
    """
    moved, weight = parsed(st.query_params.get(KEY, ""), scheme) or {}, st.session_state[f"weight_{code}"]
    if code in moved or weight != st.session_state[_DRAWN][code]:
        _keep(moved_to(scheme, moved, code, weight))


def _restore() -> None:
    _keep({})


def _keep(moved: Weights) -> None:
    if moved:
        st.query_params[KEY] = written(moved)
    else:
        st.query_params.pop(KEY, None)
