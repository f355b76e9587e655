"""Streamlit as the tests' servers run it: as shipped, but only the first page is ever rehearsed.

The other hundred pages and townships would keep a core from the tests for a minute of each server;
tests/test_warming.py and tests/test_soak.py run them.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from streamlit.web.cli import main

import warming

UNREHEARSED = (__file__,)
"""What Python runs in place of `-m streamlit`."""

if __name__ == "__main__":
    warming.FIRST_SECONDS = float("inf")
    main(prog_name="streamlit")
