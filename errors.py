"""The one exception tree: failures that are told to the user, each in one Chinese sentence."""


class DashboardError(Exception):
    """A failure with a sentence for the screen; given no message, the class's own sentence is said."""

    sentence = "操作没有完成，请稍后重试。"

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence)


class Refused(DashboardError):  # noqa: N818
    """The viewer asked for more than the rights allow."""

    sentence = "您没有权限查看或导出这些数据。"


class SignedOut(Refused):
    """There is no viewer: never signed in, expired, or revoked."""

    sentence = "登录已失效，请重新登录。"


class DataError(DashboardError):
    """The shared database cannot be used as it is."""


class DatabaseUnavailable(DataError):  # noqa: N818
    """The shared database does not answer."""

    sentence = "共享数据库暂时无法访问，恢复后刷新页面即可继续使用。"


class TooSlow(DataError):  # noqa: N818
    """The shared database ended a read that took too long."""

    sentence = "查询用时过长，已停止；请缩小筛选范围，或稍后再试。"


class DatabaseEmpty(DataError):  # noqa: N818
    """The shared database answers and holds no table or no release yet."""

    sentence = "共享数据库中还没有数据：请行动办在“数据—导入”中上传台账，或请管理员用命令导入；导入后刷新本页。"


class ContractOlder(DataError):  # noqa: N818
    """The shared database stands at an older contract version than this program reads."""

    sentence = "共享数据库的结构版本过旧，请管理员运行 python -m database upgrade 升级后再使用。"


class ContractNewer(DataError):  # noqa: N818
    """The shared database stands at a contract version that this program does not know."""

    sentence = "共享数据库的结构版本比本程序新，请管理员升级本程序。"
