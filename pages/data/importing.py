"""导入: load a month's files or delete rows by key, see exactly what is wrong with them, and confirm."""

from functools import partial

import streamlit as st

from actions import loader
from auth import guarded, require_viewer
from cache import fetch_anew, release
from components.data import importing
from components.text import line, note
from queries.releases import is_demo

viewer = require_viewer(__file__)
st.title("导入")
if loader.loader_url() is None:
    st.info(importing.BY_COMMAND)
    st.stop()
line("选择文件，检查，看清报告，再确认写入；确认之前不写入任何数据。")
if release() is not None and fetch_anew(is_demo):
    note("现有数据为演示数据，导入会改动演示库。")
blank = guarded(partial(fetch_anew, loader.template))
importing.template_download(data=blank)

given = st.file_uploader(
    f"选择文件（.csv 或 .xlsx，可选多个，合计不超过{loader.MAX_MEGABYTES}MB；文件名或工作表名为数据表名）",
    ["csv", "xlsx"],
    accept_multiple_files=True,
    key=importing.uploader_key(),
    max_upload_size=loader.MAX_MEGABYTES,
)
as_of = st.date_input(
    "数据截至日（不填则取文件中最新的日期）", None, format="YYYY-MM-DD", key="import_as_of", width=360
)
is_deleting = importing.purpose()
is_skipping = st.checkbox("跳过有问题的行，只处理其余的行（跳过的行可下载，更正后再导入）", key="import_skip")
files = loader.uploads(given)
mark = loader.fingerprint(files, as_of, is_skipping, is_deleting)
asked = {"is_skipping": is_skipping, "is_deleting": is_deleting}

if st.button("检查", icon=":material/rule:", disabled=not files):
    with importing.working("正在检查") as progress:
        importing.keep(mark, loader.check_files(files, as_of, **asked, progress=progress))
outcome = importing.kept(mark)
if outcome is None:
    st.stop()
importing.report(outcome)
if outcome.report is not None:
    marked = guarded(partial(bytes, outcome.report))
    importing.report_download(data=marked)
if outcome.is_ready and importing.confirm_button(is_deleting=is_deleting):
    with importing.working("正在写入") as progress:
        importing.keep(mark, loader.load_files(files, as_of, **asked, progress=progress))
    st.rerun()
