"""A chart on the page, with what a screen reader says in its place."""

from html import escape

import altair as alt
import streamlit as st

from components.charts.empty_chart import EMPTY
from components.charts.specs import chart_spec
from components.text import note


def drawing(chart: alt.LayerChart) -> None:
    """Show a chart of `components.charts`, or its sentence where it has nothing to draw.

    Its description reaches the reader beside it, not within it.

    A changed specification is drawn anew, changed data alone are put in place: the sentence, which changes with the
    data, stands in an element of its own before the chart, and gate/dictionary.js makes it the picture's label.
    """
    if chart.name == EMPTY:
        note(str(chart.description))
        return
    st.html(f'<span class="gov-says" data-says="{escape(str(chart.description))}" hidden></span>')
    st.vega_lite_chart(chart_spec(chart))
