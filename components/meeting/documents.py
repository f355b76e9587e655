"""The documents of a meeting to take away, as buttons; each is made when it is asked for."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from functools import partial

import streamlit as st

Told = Callable[[int, int], object]


@dataclass(frozen=True)
class Kind:
    """One kind of document: what its button says, what its file is called, of which type."""

    label: str
    name: str
    suffix: str
    mime: str
    icon: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    "slides": Kind(
        "幻灯片（PPT）", "会议材料", "pptx", f"{_OFFICE}.presentationml.presentation", ":material/co_present:"
    ),
    "bulletin": Kind("通报（Word）", "通报", "docx", f"{_OFFICE}.wordprocessingml.document", ":material/article:"),
    "workbook": Kind("数据（Excel）", "会议数据", "xlsx", f"{_OFFICE}.spreadsheetml.sheet", ":material/table_view:"),
}
"""The kinds of documents by the key that `data` takes."""

PICTURES = Kind("下载图片（PNG、SVG）", "图片", "zip", "application/zip", ":material/image:")
_DRAWN = "_pictures_drawn"


def document_downloads(as_of: date, *, data: Callable[[str], bytes]) -> None:
    """Offer each kind as a download named after it and its as-of date.

    `data` takes the kind's key and must be a guarded callable of the page.
    """
    with st.container(horizontal=True):
        for key, kind in KINDS.items():
            _offer(key, kind, as_of, partial(data, key))


def picture_download(
    as_of: date, *, asked: Hashable, draw: Callable[[Told], bytes], hand: Callable[[bytes], Callable[[], bytes]]
) -> None:
    """Draw the pictures on a click, a bar saying how far it is, and offer them then.

    Parameters
    ----------
    asked
        What they are of: for another question they are drawn anew.
    draw
        Makes the file, telling how many pictures are drawn of how many.
    hand
        Makes a guarded callable of the page, which hands the file out.
    """
    if st.button("生成图片（PNG、SVG）", icon=PICTURES.icon, key="draw_pictures"):
        bar = st.progress(0.0, "正在准备数据，请稍候……")
        file = draw(lambda done, total: bar.progress(done / max(total, 1), f"正在画图：第{done}张，共{total}张"))
        bar.empty()
        st.session_state[_DRAWN] = asked, file
    known, file = st.session_state.get(_DRAWN, (None, b""))
    if file and known == asked:
        _offer("pictures", PICTURES, as_of, hand(file))


def _offer(key: str, kind: Kind, as_of: date, data: Callable[[], bytes]) -> None:
    st.download_button(
        kind.label,
        data,
        f"{kind.name}-截至{as_of:%Y%m%d}.{kind.suffix}",
        kind.mime,
        icon=kind.icon,
        on_click="ignore",
        key=f"document_{key}",
    )
