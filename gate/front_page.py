"""The one HTML page that carries Streamlit's front end: theirs, spoken Chinese and told where the server stands."""

import re
from pathlib import Path

import streamlit

from components.theme import stylesheet
from gate.notices import ICON, TITLE

STATIC = Path(streamlit.__file__).parent / "static"
"""Where the installed Streamlit keeps its front end."""

_BASE = "window.__streamlit = { BACKEND_BASE_URL: location.origin }"
"""Without it the front end first looks for the server below the page asked for: two failing requests per deep link."""

_DICTIONARY = (Path(__file__).parent / "dictionary.js").read_text(encoding="utf-8")
"""Puts Streamlit's own English into Chinese; in the page itself, so that it is there before the connection is."""

_EARLY = ("Html", "ArrowVegaLiteChart", "loadVegaEmbed", "ButtonGroup", "DateInput", "Selectbox", "Button")
"""Parts that every page draws and Streamlit's page asks for only once it meets them: a jump each on a first visit."""

_NO_SCRIPT = "<noscript><p>请在浏览器中启用 JavaScript 后打开本看板。</p></noscript>"


def front_page(index_html: str) -> str:
    """Return Streamlit's index.html in Chinese, with our title, icon and looks, and files named from the root.

    The style sheet stands behind all others, Streamlit's own included, and before the first element is drawn.
    """
    page = index_html.replace('<html lang="en">', '<html lang="zh-CN">', 1)
    page = re.sub(r"<title>.*?</title>", f"<title>{TITLE}</title>\n    <script>{_BASE}</script>", page, count=1)
    page = page.replace("</head>", f"{_early()}<script>{_DICTIONARY}</script>\n  </head>", 1)
    page = page.replace("</body>", f"{stylesheet()}\n  </body>", 1)
    page = re.sub(r"<noscript>.*?</noscript>", _NO_SCRIPT, page, count=1, flags=re.DOTALL)
    page = re.sub(r'<link rel="service-desc"[^>]*>', "", page, count=1)
    page = page.replace('href="./favicon.png"', f'href="{ICON}"', 1)
    return page.replace('="./', '="/')


def _early() -> str:
    """Return what makes the browser fetch the parts of `_EARLY` with the page; their names end in a hash."""
    files = [file for name in _EARLY for file in sorted(STATIC.glob(f"static/js/{name}.*.js"))]
    return "".join(f'<link rel="modulepreload" href="/{file.relative_to(STATIC).as_posix()}">' for file in files)


FRONT_PAGE = front_page((STATIC / "index.html").read_text(encoding="utf-8"))
