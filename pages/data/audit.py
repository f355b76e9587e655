"""操作记录: who did what, when and from where?"""

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from actions import administration
from analysis.audit import act_table, actions_of, audit_finding
from auth import guarded, require_viewer
from components.data import audit
from components.tables import csv_bytes, csv_download, html_table
from components.text import finding, note
from components.workbook import workbook_bytes, workbook_download
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
export = guarded(partial(csv_bytes, table, audit.ACTS))
csv_download("操作记录", today, data=export)
book = guarded(partial(workbook_bytes, {"操作记录": (table, audit.ACTS)}, title="操作记录"))
workbook_download("操作记录", today, data=book)
note(f"记录只增不改，至少保存{KEPT_DAYS}天；不含密码、案件内容和上传文件名。")
