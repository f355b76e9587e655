"""What a fault of the database means, in a few Chinese words: the same on either database."""

from sqlalchemy.exc import DBAPIError

_BY_STATE = {
    "53100": "磁盘空间不足",
    "25006": "数据库只读",
    "53300": "连接数已用完",
    "28P01": "口令不正确",
    "28000": "账号不被接受",
    "42501": "账号没有这项权限",
    "57014": "用时过长，已停止",
    "57P01": "数据库正在停止",
    "57P03": "数据库正在启动",
}
"""By PostgreSQL's code."""

_BY_WORDS = {
    "disk is full": "磁盘空间不足",
    "disk I/O error": "磁盘空间不足或无法读写",
    "readonly": "数据库只读",
    "locked": "数据库正被占用",
    "unable to open": "数据库文件打不开",
    "too many clients": "连接数已用完",
    "too many connections": "连接数已用完",
    "connection slots are reserved": "连接数已用完",
    "password authentication failed": "口令不正确",
    "connection refused": "连接不上",
    "timeout expired": "连接不上",
    "No space left": "磁盘空间不足",
    "starting up": "数据库正在启动",
    "in recovery": "数据库正在启动",
    "shutting down": "数据库正在停止",
    "closed the connection": "连接中断",
    "connection is lost": "连接中断",
    "could not receive data": "连接中断",
}
"""By a part of what SQLite says, or of what PostgreSQL's client says before there is a code."""


def fault_word(error: DBAPIError) -> str:
    """Return what the fault means; of one that is not known its own first line."""
    known = _BY_STATE.get(getattr(error.orig, "sqlstate", None) or "")
    said = str(error.orig).strip()
    known = known or next((word for part, word in _BY_WORDS.items() if part in said), None)
    return known or next(iter(said.splitlines()), type(error.orig).__name__)
