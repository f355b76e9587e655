"""The presenter: a meeting's leaves over the whole screen, turned by keys; every leaf is in the browser beforehand."""

from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from components.meeting.slides import Leaf
from components.text import nothing_html

MEETING_MINUTES = 30
"""What the timer counts down from, unless the one who presents says otherwise."""

KEYS = (
    ("→ 空格 PageDown", "下一页"),
    ("← PageUp", "上一页"),
    ("Home / End", "第一页 / 最后一页"),
    ("数字 + 回车", "跳到该页"),
    ("J", "下一个乡镇（街道）"),
    ("F", "全屏"),
    ("T", "计时（再按暂停）"),
    ("+ / −", "会议时长加、减5分钟"),
    ("A", "自动翻页（再按停止）"),
    ("N", "讲稿"),
    ("B", "黑屏"),
    ("?", "按键说明"),
    ("Esc", "退出，回到原来的页面"),
)

_HERE = Path(__file__).parent


def presenter_html(leaves: Sequence[Leaf], *, stamp: str, is_demo: bool = False, note: str = "") -> str:
    """Return all leaves, hidden but for the one the script shows, with what stands on each of them.

    Parameters
    ----------
    stamp
        The as-of date, the filter and the release; always in sight.
    note
        A remark beside it, for instance that this is a frozen meeting.
    """
    shown = "".join(_leaf(leaf, i, len(leaves)) for i, leaf in enumerate(leaves, 1)) or nothing_html("可以放映的页")
    mark = "<b class='gov-mark'>演示数据</b>" if is_demo else ""
    extra = f"<b class='gov-mark'>{escape(note)}</b>" if note else ""
    keys = "".join(f"<dt>{escape(key)}</dt><dd>{escape(says)}</dd>" for key, says in KEYS)
    return (
        f"{shown}<footer><span>{escape(stamp)}</span>{mark}{extra}<output class='clock' hidden></output>"
        f"<span class='page'></span></footer><aside class='say' hidden></aside>"
        f"<aside class='keys' hidden><dl>{keys}</dl></aside><p class='hint'>按 ? 看按键说明，按 Esc 退出</p>"
    )


def presenter(leaves: Sequence[Leaf], *, stamp: str, back: str, is_demo: bool = False, note: str = "") -> None:
    """Show the leaves over everything else; `back` is the address that Esc leads to when it is not known from where."""
    html = presenter_html(leaves, stamp=stamp, is_demo=is_demo, note=note)
    data = {"html": html, "back": back, "minutes": MEETING_MINUTES, "title": "会议材料放映"}
    _component()(key="presenter", data=data)


def _leaf(leaf: Leaf, number: int, of: int) -> str:
    kind = leaf.key.split(":")[0]
    return (
        f"<section class='leaf {escape(kind)}' data-key='{escape(leaf.key)}' data-say='{escape(leaf.say)}' hidden "
        f"aria-label='第{number}页，共{of}页'><header>{escape(leaf.topic)}</header><h1>{escape(leaf.title)}</h1>"
        f"<div class='body'>{leaf.body}</div></section>"
    )


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component(
        "presenter",
        html="<div class='gov-presenter' tabindex='-1' role='region'></div>",
        css=(_HERE / "presenter.css").read_text(encoding="utf-8"),
        js=(_HERE / "presenter.js").read_text(encoding="utf-8"),
        isolate_styles=False,
    )
