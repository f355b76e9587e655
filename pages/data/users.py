"""账号: who may sign in, in which role, and who is signed in now?"""

import streamlit as st

from actions import administration
from actions.account_list import places_of
from auth import guarded, require_viewer
from cache import fetch
from components.data import accounts as shown
from components.tables import html_table
from components.text import finding, note
from queries.names import department_names
from queries.regions import townships
from state.accounts import Account

viewer = require_viewer(__file__)
st.title("账号")
regions, departments = fetch(townships), fetch(department_names)
places = places_of(regions, departments)
of_townships, of_departments = shown.names(regions), shown.names(departments)
known, online = administration.accounts(), administration.open_sessions()
table = shown.account_table(known, {**of_townships, **of_departments}, shown.count_by_account(online))
finding(shown.accounts_finding(table))
shown.outcome()

add = guarded(lambda chosen: administration.add(Account(**vars(chosen))))
shown.new_account_form(of_townships, of_departments, save=add)
many = guarded(lambda content: administration.add_list(content, places))
shown.upload_form(save=many)
html_table(table, shown.ACCOUNTS)

st.subheader("修改账号")
chosen = shown.account_choice(known)
if chosen is not None:
    shown.step_buttons(
        chosen,
        reset=guarded(administration.reset_password),
        disable=guarded(administration.disable),
        enable=guarded(administration.enable),
        revoke=guarded(administration.revoke),
    )
    change = guarded(lambda c: administration.change_role(c.name, c.role, c.township_code, c.department_code))
    shown.role_form(chosen.name, of_townships, of_departments, save=change, role=chosen.role)

st.subheader("在线会话")
html_table(shown.session_table(online), shown.SESSIONS)
note("超过30分钟未使用或登录满12小时自动退出。密码由本人在左侧“修改密码”修改；离岗人员请当天停用。")
