"""The documents of a meeting to take away, as buttons; each is made when it is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

import streamlit as st


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
    "pictures": Kind("图片（PNG、SVG）", "图片", "zip", "application/zip", ":material/image:"),
}
"""The kinds of documents by the key that `data` takes."""


def document_downloads(as_of: date, *, data: Callable[[str], bytes]) -> None:
    """Offer each kind as a download named after it and its as-of date.

    `data` takes the kind's key and must be a guarded callable of the page.
    """
    with st.container(horizontal=True):
        for key, kind in KINDS.items():
            st.download_button(
                kind.label,
                partial(data, key),
                f"{kind.name}-截至{as_of:%Y%m%d}.{kind.suffix}",
                kind.mime,
                icon=kind.icon,
                on_click="ignore",
                key=f"document_{key}",
            )
