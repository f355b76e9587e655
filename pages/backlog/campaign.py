"""百日攻坚: does the campaign keep its pace, who resolves, and what is left to whom?"""

from functools import partial

import streamlit as st

from actions.entries import goals, may_decide, write_goal
from analysis import breakdown, campaign_table
from analysis.backlog import backlog_headline
from analysis.briefing import backlog_finding, pace_finding, pace_title, split_finding
from analysis.streams import STREAMS
from auth import guarded, require_viewer
from cache import fetch
from components.backlog import campaign as screen
from components.backlog.goals import goal_form, goal_list
from components.cards import campaign_cards
from components.charts import campaign_chart
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.drawings import drawing
from components.filters import county_scope, current_scope, place, township_labels
from components.kpi import kpi_cards
from components.text import finding, line
from queries.backlog import backlog_at, backlog_by_week
from queries.backlog_groups import backlog_by
from queries.campaigns import campaigns
from queries.names import department_names
from queries.releases import is_demo
from state.goals import NUMBERS

viewer = require_viewer(__file__)
known, labels = fetch(campaigns), township_labels()
scope = breakdown.in_newest_campaign(current_scope(viewer), known)
now, weekly = fetch(backlog_at, scope, with_county=True), fetch(backlog_by_week, scope, with_county=True)
then = fetch(backlog_at, breakdown.at_baseline(scope, known), with_county=True)
earlier = breakdown.days_before(scope, campaign_table.DAYS)
week_ago = fetch(backlog_at, earlier, with_county=True)
campaign = breakdown.campaign_now(scope, known, now, then)
if campaign is None or scope.campaign is None:
    st.title("百日攻坚")
    st.info("截至所选日期，还没有开始的攻坚行动。")
    st.stop()
progress, backlog = breakdown.progress(scope, known, weekly, now, then), backlog_headline(now, weekly)
st.title(campaign.name)
finding(pace_finding(campaign.pace, backlog.open_now))
recent = campaign_table.recent_finding(now, week_ago)
done = backlog_finding(place(scope), backlog, STREAMS[scope.stream], campaign)
line(f"{done}，{recent}。{split_finding(breakdown.total(now, place(scope)))}。")
kpi_cards(campaign_cards(backlog, campaign, rates=breakdown.rates(progress), is_demo=fetch(is_demo)))

st.subheader(pace := pace_title(backlog, campaign))
drawing(campaign_chart(progress, finding=pace))

ranks = campaign_table.campaign_ranks(fetch(backlog_at, county_scope(scope)))
townships = campaign_table.campaign_rows(now, week_ago, ranks, labels)
screen.townships_table(townships, where=place(scope))
led_now, led_then = fetch(backlog_by, scope, **screen.BY_LEAD), fetch(backlog_by, earlier, **screen.BY_LEAD)
departments = campaign_table.department_rows(led_now, led_then, breakdown.names_by_code(fetch(department_names)))
screen.departments_table(departments)

aims = goals(scope.campaign)
goal_list(aims, NUMBERS)
if may_decide(viewer):
    goal_form(aims, NUMBERS, key=scope.campaign, save=guarded(partial(write_goal, scope.campaign)))

sheets = screen.campaign_sheets(townships, departments)
export = guarded(partial(tables_bytes, sheets, title=campaign.name), scope, is_rows=False)
table_downloads(campaign.name, scope.as_of, sheets, data=export)
definitions(
    "case_once", "resolution_rate", "rise", "pace", "recent_closings", "overdue", "closing_split", "reopened", "led_by",
    "campaign_rank", "small_base",
)  # fmt: skip
