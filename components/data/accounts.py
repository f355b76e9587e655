"""账号: the tables, forms and the one look at new passwords."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from analysis.wording import moment
from components.tables import Column, html_table
from components.text import note

_OUTCOME = "_accounts_outcome"
ROLE_WORDS = {"township": "乡镇（街道）", "department": "部门", "leader": "县领导", "office": "行动办"}
Save = Callable[..., Any]
"""A guarded step of `administration`; it returns what came of it (`administration.Outcome`)."""


ACCOUNTS = (
    Column("name", "账号"),
    Column("display_name", "显示名称"),
    Column("role", "角色"),
    Column("place", "乡镇（街道）或部门"),
    Column("status", "状态"),
    Column("sessions", "在线", is_number=True),
)
SESSIONS = (
    Column("account", "账号"),
    Column("address", "地址"),
    Column("opened_at", "登录时间", lambda value: moment(value)),
    Column("active_at", "最近使用", lambda value: moment(value)),
)
PASSWORDS = (Column("name", "账号"), Column("display_name", "显示名称"), Column("password", "初始密码"))


@dataclass(frozen=True)
class Chosen:
    """What a form says of an account."""

    name: str
    display_name: str
    role: str
    township_code: str | None
    department_code: str | None


def names(frame: pd.DataFrame) -> dict[str, str]:
    """Return names by code of a frame that has both."""
    return dict(zip(frame["code"], frame["name"], strict=True))


def account_table(accounts: Sequence[Any], places: Mapping[str, str], online: Mapping[str, int]) -> pd.DataFrame:
    """Return one row per account in their order: the fields of ACCOUNTS, all text but sessions (int64)."""
    rows = [
        (
            account.name,
            account.display_name,
            ROLE_WORDS[account.role],
            places.get(account.township_code or account.department_code or "", "") or "全县",
            "已停用" if account.disabled_at else ("演示" if account.is_demo else "正常"),
            online.get(account.name, 0),
        )
        for account in accounts
    ]
    return pd.DataFrame(rows, columns=[column.field for column in ACCOUNTS])


def accounts_finding(table: pd.DataFrame) -> str:
    """Say how many accounts there are by role, how many are disabled, how many people are signed in now."""
    living = table[table["status"] != "已停用"]
    told = "、".join(f"{role}{number}个" for role, number in living["role"].value_counts().items())
    disabled, online = len(table) - len(living), int((table["sessions"] > 0).sum())
    off = f"，另有{disabled}个已停用" if disabled else ""
    return f"可用账号{len(living)}个（{told}）{off}；现在在线{online}人。"


def session_table(opened: Sequence[Any]) -> pd.DataFrame:
    """Return one row per living session: account, address (str), opened_at, active_at (moments in UTC)."""
    rows = [(one.account, one.address, one.opened_at, one.active_at) for one in opened]
    return pd.DataFrame(rows, columns=[column.field for column in SESSIONS])


def count_by_account(opened: Sequence[Any]) -> dict[str, int]:
    """Return the number of living sessions by account."""
    found: dict[str, int] = {}
    for one in opened:
        found[one.account] = found.get(one.account, 0) + 1
    return found


def keep(outcome: Any) -> None:
    """Keep what came of a step for the next run only."""
    st.session_state[_OUTCOME] = outcome


def outcome() -> None:
    """Show what came of the step before, with the passwords it made, once: the next run takes them away."""
    came = st.session_state.pop(_OUTCOME, None)
    if came is None:
        return
    (st.success if came.is_done else st.error)("  \n".join(came.said.splitlines()))
    if came.issued:
        st.warning("初始密码只显示这一次，请抄下分别交给本人；首次登录须修改。", icon=":material/key:")
        rows = [(one.account.name, one.account.display_name, one.password) for one in came.issued]
        html_table(pd.DataFrame(rows, columns=[column.field for column in PASSWORDS]), PASSWORDS)


def upload_form(*, save: Save) -> None:
    """Show the form for a workbook of accounts. `save` must be a guarded callable of the page; it takes the bytes."""
    with (
        st.expander("批量添加（Excel）", icon=":material/group_add:"),
        st.form("many", border=False, clear_on_submit=True),
    ):
        note(
            "第一行为列名：账号、显示名称、角色、乡镇（街道）、部门；角色填县领导、行动办、部门或乡镇（街道）。全部无误才添加。"
        )
        st.file_uploader("账号表（.xlsx，不超过1MB）", ["xlsx"], key="accounts_file", max_upload_size=1)
        st.form_submit_button("添加全部", type="primary", on_click=_upload, args=(save,))


def new_account_form(townships: Mapping[str, str], departments: Mapping[str, str], *, save: Save) -> None:
    """Show the form for one new account. `save` must be a guarded callable of the page; it takes a `Chosen`."""
    with st.expander("添加账号", icon=":material/person_add:"):
        role = _role_choice("new_account_role", "township")
        with st.form("new_account", border=False, clear_on_submit=True):
            st.text_input("账号（字母、数字、- 和 _，最多 20 个字符）", max_chars=20, key="new_account_name")
            st.text_input("显示名称", max_chars=40, key="new_account_display")
            _place_choice(role, townships, departments, "new_account_place")
            st.form_submit_button("添加", type="primary", on_click=_add, args=(role, save))


def role_form(
    name: str, townships: Mapping[str, str], departments: Mapping[str, str], *, save: Save, role: str
) -> None:
    """Show the form that gives an account another role. `save` must be a guarded callable; it takes a `Chosen`."""
    chosen = _role_choice(f"role_of_{name}", role)
    with st.form(f"role_{name}", border=False):
        _place_choice(chosen, townships, departments, f"place_of_{name}")
        st.form_submit_button("保存角色", on_click=_change_role, args=(name, chosen, save))


def account_choice(accounts: Sequence[Any]) -> Any:
    """Let one account be chosen to be changed."""
    names = {account.name: account for account in accounts}
    chosen = st.selectbox(
        "选择账号",
        list(names),
        index=None,
        format_func=lambda name: f"{name}（{names[name].display_name}）",
        key="account_chosen",
        placeholder="选择要修改的账号",
    )
    return names.get(chosen) if chosen else None


def step_buttons(account: Any, *, reset: Save, disable: Save, enable: Save, revoke: Save) -> None:
    """Offer the steps on one account; each must be a guarded callable of the page that takes the name."""
    row = st.container(horizontal=True)
    row.button("重设密码", icon=":material/key:", on_click=_do, args=(reset, account.name))
    row.button("强制退出", icon=":material/logout:", on_click=_do, args=(revoke, account.name))
    if account.disabled_at is None:
        row.button("停用账号", icon=":material/block:", on_click=_do, args=(disable, account.name))
    else:
        row.button("启用账号", icon=":material/check_circle:", on_click=_do, args=(enable, account.name))


def _role_choice(key: str, default: str) -> str:
    roles = list(ROLE_WORDS)
    return str(
        st.radio(
            "角色", roles, index=roles.index(default), format_func=ROLE_WORDS.__getitem__, horizontal=True, key=key
        )
    )


def _place_choice(role: str, townships: Mapping[str, str], departments: Mapping[str, str], key: str) -> None:
    names = {"township": townships, "department": departments}.get(role)
    if names:
        st.selectbox(ROLE_WORDS[role], list(names), format_func=names.__getitem__, key=f"{key}_{role}", index=None)


def _place(role: str, key: str) -> tuple[str | None, str | None]:
    chosen = st.session_state.get(f"{key}_{role}")
    return (chosen if role == "township" else None, chosen if role == "department" else None)


def _add(role: str, save: Save) -> None:
    name = str(st.session_state["new_account_name"]).strip()
    display = str(st.session_state["new_account_display"]).strip() or name
    keep(save(Chosen(name, display, role, *_place(role, "new_account_place"))))


def _change_role(name: str, role: str, save: Save) -> None:
    keep(save(Chosen(name, "", role, *_place(role, f"place_of_{name}"))))


def _upload(save: Save) -> None:
    given = st.session_state.get("accounts_file")
    if given is not None:
        keep(save(given.getvalue()))


def _do(step: Save, name: str) -> None:
    keep(step(name))
