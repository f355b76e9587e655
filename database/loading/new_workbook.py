"""A new workbook that appears whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

OPTIONS = {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False, "strings_to_urls": False}
"""Text stays text: what a cell begins with is nobody's formula or link."""


@contextmanager
def new_workbook(target: Path | BytesIO) -> Iterator[Any]:
    """Yield a workbook to fill; at the end it is written to a path, or into a buffer.

    Raises
    ------
    OSError
        The path cannot be written.
    """
    from xlsxwriter import Workbook  # here: most loads leave no workbook

    buffer = target if isinstance(target, BytesIO) else BytesIO()
    with Workbook(buffer, OPTIONS) as workbook:
        yield workbook
    if isinstance(target, Path):
        target.write_bytes(buffer.getvalue())
