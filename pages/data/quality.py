"""数据质量: can I trust the figures, who has not reported, and whom do I call?"""

from datetime import datetime
from functools import partial

import streamlit as st

from analysis import data_quality as titles
from analysis.findings import where_finding
from analysis.months import month_of
from analysis.reporting import kpi_reports_by_kpi, reported, reporting_finding, task_reports, task_reports_by_region
from analysis.wording import month
from auth import guarded, require_viewer
from cache import fetch, fetch_anew
from components.data import quality
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.filters import current_scope, is_filtered, place, townships_in
from components.kpi import kpi_cards
from components.tables import html_table
from components.text import finding, note
from database.check import check, counts_by_severity, finding_table, quick_check
from queries.holdings import holdings, newest_cases
from queries.releases import releases
from queries.reporting import kpi_reports
from queries.tasks import task_matrix

viewer = require_viewer(__file__)
scope, today = current_scope(viewer), datetime.now().astimezone().date()
labels, when = townships_in(scope), month(month_of(scope.as_of))
st.title("数据质量")
tasks = task_reports(fetch(task_matrix, scope), with_county=not is_filtered(scope))
kpis = fetch(kpi_reports, scope)
batches, held, streams = fetch(releases), quality.holding_rows(fetch(holdings)), fetch(newest_cases)
body, heading = st.container(), st.container()

is_whole = viewer.role == "office" and st.button(
    "全面核对", icon=":material/rule:", help="另从台账逐案重算汇总数据、核对案件引用，数据多时需要几分钟"
)
if is_whole:
    with st.spinner("正在核对，请稍候……", show_time=True):
        found = fetch_anew(check, today=today)
else:
    found = fetch(quick_check, today=today)
problems, by_severity = finding_table(found), counts_by_severity(found)

with body:
    finding(f"{place(scope)}{reporting_finding(reported(tasks), reported(kpis), month_of(scope.as_of))}")
    newest = batches.to_dict("records")[0]
    kpi_cards(quality.quality_cards(newest, reported(tasks), reported(kpis), by_severity, when=when))
    by_region, by_kpi = task_reports_by_region(tasks, labels), kpi_reports_by_kpi(kpis, labels)
    unreported = where_finding(by_region["region"], by_region["missing"], what="任务未报送", unit="项次")
    st.subheader(f"{when}{unreported}")
    html_table(by_region, quality.TASK_REPORTS, caption="县级任务列在“县级”；每月25日前报送，之后报送的为迟报。")
    st.subheader(f"{when}{titles.indicators_finding(by_kpi)}")
    html_table(by_kpi, quality.KPI_REPORTS, caption="由部门报送、计入考核的指标；系统由台账计算的指标不需报送。")

heading.subheader(titles.problems_finding(problems, by_severity))
if not problems.empty:
    html_table(problems, quality.FINDINGS, caption="错误会使数字不正确；警告应催办核实；提醒供了解。")
note("已全面核对。" if is_whole else "以上为即时核对；案件引用和汇总重算由行动办在本页或用命令全面核对。")

st.subheader(titles.streams_finding(streams.set_index(streams["stream"].map(quality.stream_word))["newest"]))
quality.newest_days(streams, held)
st.subheader(titles.releases_finding(batches))
html_table(batches, quality.RELEASES, caption="错误、警告、提醒为发布时核对的结果。")

sheets = {
    "任务报送": (by_region, quality.TASK_REPORTS),
    "指标报送": (by_kpi, quality.KPI_REPORTS),
    "核对问题": (problems, quality.FINDINGS),
    "数据表": (held, quality.HOLDINGS),
    "数据批次": (batches, quality.RELEASES),
}
export = guarded(partial(tables_bytes, sheets, title=f"数据质量（{when}）"), scope, is_rows=False)
table_downloads("数据质量", scope.as_of, sheets, data=export)
definitions("reporting", "kpi_reporting", "check", "release", "as_of", "rows")
