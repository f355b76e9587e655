"""A page of constants as Streamlit makes it plainly: eight metrics with their course, six charts and a table.

Run by `streamlit run`, for benchmarks.rival alone: the yardstick by which one machine is told from another. It reads
nothing, and a change of township changes every number.
"""

import altair as alt
import pandas as pd
import streamlit as st

TOWNSHIPS = ("天马", "白石", "招贤", "球川", "芳村", "青石")
WEEKS = range(26)

st.set_page_config(layout="wide")
with st.sidebar:
    chosen = sum(TOWNSHIPS.index(name) for name in st.pills("乡镇", TOWNSHIPS, selection_mode="multi"))
st.title("常量")

for number, column in enumerate((*st.columns(4), *st.columns(4))):
    course = [(week * (number + 3) + 7 * chosen) % 40 for week in WEEKS]
    column.metric(f"指标{number}", course[-1], course[-1] - course[-2], chart_data=course, border=True)

for number, column in enumerate((*st.columns(3), *st.columns(3))):
    weeks = pd.DataFrame({"周": WEEKS, "件": [(week * (number + 2) + 5 * chosen) % 60 for week in WEEKS]})
    marks = alt.Chart(weeks, height=220)
    drawn = marks.mark_line() if number % 2 else marks.mark_bar()
    column.altair_chart(drawn.encode(alt.X("周:Q"), alt.Y("件:Q")), width="stretch")

st.dataframe(
    pd.DataFrame({name: [(row * 7 + place + chosen) % 90 for row in range(20)] for place, name in enumerate(TOWNSHIPS)})
)
st.html('<footer class="gov-foot">常量</footer>')
