"""What stands in the margin of every printed sheet: what it shows, as of when, and the sheet's number."""

import streamlit as st


def margin_style(said: str) -> str:
    """Return the style sheet that prints `said` below every sheet on the left, and its number on the right."""
    text = "".join(character if character.isalnum() else f"\\{ord(character):x} " for character in said)
    number = "'第' counter(page) '页，共' counter(pages) '页'"
    font = "font: 9pt sans-serif; color: black;"
    return (
        f"<style>@page {{ @bottom-left {{ content: '{text}'; {font} white-space: nowrap; }} "
        f"@bottom-right {{ content: {number}; {font} }} }}</style>"
    )


def margins(said: str) -> None:
    """Print `said` on every sheet of this page; nothing on the screen."""
    st.html(margin_style(said))
