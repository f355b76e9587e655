"""The gate's own pages: plain Chinese, rendered here, without script."""

from html import escape
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse

from state.accounts import REMEMBERED_PASSWORDS
from state.passwords import MAX_BYTES, MIN_LENGTH

TITLE = "常山县治理创新看板"
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='7' fill='%231c64a3'/%3E"
    "%3Cpath d='M8 23v-6M16 23V9M24 23v-10' stroke='white' stroke-width='4' stroke-linecap='round'/%3E%3C/svg%3E"
)
_TEMPLATES = Path(__file__).with_name("templates")
_PAGE = Template((_TEMPLATES / "page.html").read_text(encoding="utf-8"))
_FORM = Template((_TEMPLATES / "sign_in.html").read_text(encoding="utf-8"))
_CHANGE = Template((_TEMPLATES / "password.html").read_text(encoding="utf-8"))
_NOTICE = Template((_TEMPLATES / "notice.html").read_text(encoding="utf-8"))

RULES = (
    f"至少 {MIN_LENGTH} 个字符（最多 {MAX_BYTES} 个字节），大写字母、小写字母、数字、符号中至少三种；"
    f"不含账号和姓名，不用常见密码，不用最近 {REMEMBERED_PASSWORDS} 个用过的密码。"
)
_FAULTS = {
    400: ("请求无法识别", "请返回首页重试。"),
    401: ("需要登录", "尚未登录或登录已失效，请重新登录。"),
    403: ("没有权限", "您的账号不能打开这个页面，如确有需要请联系管理员。"),
    404: ("页面不存在", "网址可能有误，或页面已经移动。"),
    405: ("请求方式不支持", "请返回首页重试。"),
    503: ("服务暂时不可用", "看板的登录服务暂时无法使用，请稍后重试。"),
}


def notice(status: int) -> HTMLResponse:
    """Return the page that says why a request was turned away."""
    title, sentence = _FAULTS[status]
    link = ("/sign-in", "去登录") if status == 401 else ("/", "返回首页")
    body = _NOTICE.substitute(title=title, sentence=sentence, href=link[0], link=link[1])
    return _page(title, body, status)


def failure(title: str, sentence: str, status: int) -> HTMLResponse:
    """Return a page that says why something did not come about; back leads to where it was asked for."""
    return _page(title, _NOTICE.substitute(title=title, sentence=sentence, href="/ledger", link="返回台账"), status)


def sign_in_form(
    *, token: str, destination: str, account: str = "", fault: str = "", note: str = "", status: int = 200
) -> HTMLResponse:
    """Return the sign-in page.

    Parameters
    ----------
    token
        Ties the form to this browser's cookie (login CSRF).
    destination
        Own path, with its query, where signing in ends.
    account
        What was typed before, to be corrected.
    fault, note
        One Chinese sentence why it did not work, or why one is here; at most one of them.
    """
    message = _message(fault, note)
    focus = ("", "autofocus") if account else ("autofocus", "")
    body = _FORM.substitute(
        token=escape(token),
        destination=escape(destination),
        account=escape(account),
        message=message,
        account_focus=focus[0],
        password_focus=focus[1],
        invalid='aria-invalid="true"' if fault else "",
    )
    return _page("登录", body, status)


def password_form(
    *, token: str, destination: str, account: str, fault: str = "", note: str = "", status: int = 200
) -> HTMLResponse:
    """Return the page on which somebody who is signed in takes another password; parameters as of `sign_in_form`."""
    body = _CHANGE.substitute(
        token=escape(token),
        destination=escape(destination),
        account=escape(account),
        rules=escape(RULES),
        message=_message(fault, note),
        invalid='aria-invalid="true"' if fault else "",
    )
    return _page("修改密码", body, status)


def _message(fault: str, note: str) -> str:
    messages = (("fault", "alert", fault), ("note", "status", note))
    return "".join(f'<p class="{kind}" role="{role}">{escape(text)}</p>' for kind, role, text in messages if text)


def _page(title: str, body: str, status: int) -> HTMLResponse:
    return HTMLResponse(_PAGE.substitute(title=title, product=TITLE, icon=ICON, body=body), status_code=status)
