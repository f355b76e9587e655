"""操作记录: what each act is called, of which kind it is, and how the trail is told."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

import pandas as pd

ACTIONS: dict[str, tuple[str, str]] = {
    "sign_in": ("登录", "登录"),
    "sign_in_failed": ("登录失败", "登录失败"),
    "sign_in_locked": ("登录被限次", "登录失败"),
    "sign_out": ("退出", "登录"),
    "password_changed": ("修改密码", "账号"),
    "password_change_failed": ("修改密码失败", "登录失败"),
    "refused": ("被拒绝", "被拒绝"),
    "exported": ("导出", "导出"),
    "export_failed": ("导出未完成", "导出"),
    "import_checked": ("导入前检查", "导入"),
    "import_written": ("导入", "导入"),
    "import_refused": ("导入未通过检查", "导入"),
    "import_failed": ("导入中断", "导入"),
    "account_added": ("添加账号", "账号"),
    "accounts_imported": ("批量添加账号", "账号"),
    "account_role_changed": ("改角色", "账号"),
    "account_password_set": ("重设密码", "账号"),
    "account_disabled": ("停用账号", "账号"),
    "account_enabled": ("启用账号", "账号"),
    "sessions_revoked": ("强制退出", "账号"),
    "goal_written": ("填写目标", "填报"),
    "agenda_saved": ("保存议程", "会议"),
    "agenda_removed": ("删除议程", "会议"),
    "finalised": ("会议定稿", "会议"),
    "annotation_written": ("填写情况说明", "填报"),
    "annotation_replied": ("答复情况说明", "填报"),
    "annotation_withdrawn": ("撤回情况说明", "填报"),
    "follow_up_recorded": ("记录议定事项", "填报"),
    "follow_up_changed": ("修改议定事项", "填报"),
    "follow_up_done": ("议定事项销号", "填报"),
    "follow_up_replied": ("答复议定事项", "填报"),
}
"""Action -> what it is called and its kind; one that is not here bears its own name and the kind 其他."""
OTHER = "其他"
KINDS = tuple(dict.fromkeys(kind for _, kind in ACTIONS.values()))
COLUMNS = {"at": "datetime64[s]", "account": "str", "action": "str", "subject": "str", "address": "str"}


class Act(Protocol):
    """What the state database holds of an act (`state.audit.Act`)."""

    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def account(self) -> str | None: ...  # noqa: D102
    @property
    def address(self) -> str | None: ...  # noqa: D102
    @property
    def action(self) -> str: ...  # noqa: D102
    @property
    def subject(self) -> str: ...  # noqa: D102


def action_word(action: str) -> str:
    """Return what an action is called."""
    return ACTIONS[action][0] if action in ACTIONS else action


def actions_of(kinds: Iterable[str]) -> frozenset[str] | None:
    """Return the actions of the kinds; None, for all, where no kind is named."""
    wanted = set(kinds)
    return frozenset(action for action, (_, kind) in ACTIONS.items() if kind in wanted) if wanted else None


def act_table(acts: Iterable[Act], *, unknown: str = "（命令行或不存在的账号）") -> pd.DataFrame:
    """Return the acts as they are shown.

    Returns
    -------
    pd.DataFrame
        One row per act in their order: at (datetime64[s], UTC), account, action (its word), subject, address (str).
        No acts: no rows, same dtypes.
    """
    rows = [
        (
            act.at.replace(tzinfo=None, microsecond=0),
            act.account or unknown,
            action_word(act.action),
            act.subject,
            act.address or "",
        )
        for act in acts
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def audit_finding(counts: Mapping[str, int], days: int) -> str:
    """Say what the trail of some days holds: acts by kind, and what calls for a look."""
    total = sum(counts.values())
    if not total:
        return f"近{days}天没有符合条件的操作记录。"
    by_kind: dict[str, int] = {}
    for action, number in counts.items():
        kind = ACTIONS[action][1] if action in ACTIONS else OTHER
        by_kind[kind] = by_kind.get(kind, 0) + number
    told = "，".join(f"{kind}{by_kind[kind]:,}次" for kind in (*KINDS, OTHER) if kind in by_kind)
    return f"近{days}天共{total:,}条操作记录：{told}。"
