"""操作记录: who did what, when and from where?"""

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from actions import administration
from analysis.audit import act_table, actions_of, audit_finding
from auth import guarded, require_viewer
from components.data import audit
from components.downloads import table_downloads, tables_bytes
from components.tables import html_table
from components.text import finding, note
from state.audit import KEPT_DAYS, days_back

viewer = require_viewer(__file__)
st.title("操作记录")
days, account, kinds = audit.chosen(administration.account_names())
asked = days_back(days, account=account, actions=actions_of(kinds))
counts = administration.act_counts(asked)
finding(audit_finding(counts, days))
table = act_table(administration.acts(asked))
if table.empty:
    st.stop()
html_table(table.head(audit.SHOWN), audit.ACTS, caption=audit.caption(table, counts))
today = datetime.now(UTC).astimezone().date()
sheets = {"操作记录": (table, audit.ACTS)}
table_downloads("操作记录", today, sheets, data=guarded(partial(tables_bytes, sheets, title="操作记录")))
note(f"记录只增不改，至少保存{KEPT_DAYS}天；不含密码、案件内容和上传文件名。")
