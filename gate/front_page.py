"""The one HTML page that carries Streamlit's front end: theirs, spoken Chinese and told where the server stands."""

import re
from pathlib import Path

import streamlit

from gate.notices import ICON, TITLE

STATIC = Path(streamlit.__file__).parent / "static"
"""Where the installed Streamlit keeps its front end."""

_BASE = "window.__streamlit = { BACKEND_BASE_URL: location.origin }"
"""Without it the front end first looks for the server below the page asked for: two failing requests per deep link."""

_DICTIONARY = (Path(__file__).parent / "dictionary.js").read_text(encoding="utf-8")
"""Puts Streamlit's own English into Chinese; in the page itself, so that it is there before the connection is."""

_NO_SCRIPT = "<noscript><p>请在浏览器中启用 JavaScript 后打开本看板。</p></noscript>"


def front_page(index_html: str) -> str:
    """Return Streamlit's index.html in Chinese, with our title and icon, and files named from the root."""
    page = index_html.replace('<html lang="en">', '<html lang="zh-CN">', 1)
    page = re.sub(r"<title>.*?</title>", f"<title>{TITLE}</title>\n    <script>{_BASE}</script>", page, count=1)
    page = page.replace("</head>", f"<script>{_DICTIONARY}</script>\n  </head>", 1)
    page = re.sub(r"<noscript>.*?</noscript>", _NO_SCRIPT, page, count=1, flags=re.DOTALL)
    page = re.sub(r'<link rel="service-desc"[^>]*>', "", page, count=1)
    page = page.replace('href="./favicon.png"', f'href="{ICON}"', 1)
    return page.replace('="./', '="/')


FRONT_PAGE = front_page((STATIC / "index.html").read_text(encoding="utf-8"))
