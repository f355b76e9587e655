"""Workbooks: looked at before they are opened, then read sheet by sheet into cells of text."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import IO

import pandas as pd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from database.loading.findings import Refused, refused_file

FILE_LIMIT = 50_000_000
"""Bytes of a workbook on disk."""

SHEET_LIMIT = 50_000_000
"""Bytes of one part of a workbook unpacked: a sheet of some 100,000 rows."""

TOTAL_LIMIT = 200_000_000
RATIO_LIMIT = 200
"""How many times larger a part may be than it is packed, once it is over a megabyte."""

MEMBER_LIMIT = 2_000
WIDEST, LONGEST = "AZ", 200_000
"""The last column and row that a sheet may use; beyond, a single stray cell would fill the memory."""

_MEGABYTE = 1_000_000
_CHUNK = 4 * _MEGABYTE
_OVERLAP = 64
_FAR_CELL = re.compile(rb"""\sr=["'](?:(?:[B-Z][A-Z]|[A-Z]{3})[0-9]|[A-Z]*(?:[2-9][0-9]{5}|[0-9]{7}))""")
_EXACT_DIGITS = 10**15


def workbook_sheets(file: str, content: bytes) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the visible sheets of a workbook with anything in them: name, and its cells as text.

    The frame has one row per row of the sheet, from its first on, and one column per column (0, 1, ...); an empty cell
    is "". A day is 2020-08-31, a whole number has no decimal point, a truth value is TRUE or FALSE.

    Raises
    ------
    Refused
        It is damaged, holds macros, is encrypted, or unpacks to more than may be read.
    """
    refuse_unsafe(file, content)
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            for about in workbook.sheets_metadata:
                if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible:
                    cells = _cells(workbook.get_sheet_by_name(about.name))
                    if not cells.empty:
                        yield about.name, cells
    except CalamineError as error:
        raise refused_file(file, "工作簿已损坏，读不出来，请在 Excel 中重新保存") from error
    except Refused:
        raise
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what the reader's own language raises on a damaged part
            raise
        raise refused_file(file, "工作簿已损坏，读不出来，请在 Excel 中重新保存") from error


def refuse_unsafe(file: str, content: bytes) -> None:
    """Look at the parts of a workbook without unpacking any whole.

    Raises
    ------
    Refused
        A part is damaged, holds macros, or is larger than may be read.
    """
    if len(content) > FILE_LIMIT:
        raise refused_file(file, f"工作簿有{len(content) // _MEGABYTE}MB，{_too_large(FILE_LIMIT)}")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _refuse_members(file, archive.infolist())
            for member in archive.infolist():
                with archive.open(member) as part:
                    _read_through(file, part)
            _refuse_macros(file, archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error) as error:
        raise refused_file(file, "工作簿已损坏或不完整（可能没有传完），请重新保存后再导入") from error


def _refuse_members(file: str, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MEMBER_LIMIT:
        raise refused_file(file, "工作簿的部件过多，不是正常的工作簿")
    if any(member.flag_bits & 1 for member in members):
        raise refused_file(file, "工作簿已加密，请去掉密码后再导入")
    for member in members:
        if member.file_size > _MEGABYTE and member.file_size > RATIO_LIMIT * max(member.compress_size, 1):
            raise refused_file(file, "工作簿压缩异常，展开后大小不正常，为安全起见不打开")
        if member.file_size >= SHEET_LIMIT:
            raise refused_file(file, f"工作簿中有{member.file_size // _MEGABYTE}MB的工作表，{_too_large(SHEET_LIMIT)}")
    if sum(member.file_size for member in members) > TOTAL_LIMIT:
        raise refused_file(file, f"工作簿展开后{_too_large(TOTAL_LIMIT)}")


def _read_through(file: str, part: IO[bytes]) -> None:
    """Read a part in slices, looking for far cells; one that unpacks to other than it declares ends as damaged."""
    rest = b""
    while chunk := part.read(_CHUNK):
        if _FAR_CELL.search(rest + chunk):
            reason = f"工作表用到了{WIDEST}列以后或第{LONGEST}行以后，请删去多余的行列，或另存为 CSV 后导入"
            raise refused_file(file, reason)
        rest = chunk[-_OVERLAP:]


def _refuse_macros(file: str, archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    kinds = archive.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    if b"macroEnabled" in kinds or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise refused_file(file, "工作簿含有宏，不予打开；请另存为不含宏的 .xlsx")
    if "xl/workbook.xml" in names and re.search(rb'date1904="(1|true)"', archive.read("xl/workbook.xml")):
        raise refused_file(file, "工作簿采用1904年日期系统，日期会差四年；请在 Excel 选项中取消后再保存")


def _too_large(limit: int) -> str:
    return f"超过{limit // _MEGABYTE}MB的上限；请分成几个工作簿，或另存为 CSV 后导入"


def _cells(sheet: CalamineSheet) -> pd.DataFrame:
    rows = sheet.to_python(skip_empty_area=False)
    columns = [pd.Series([_text(value) for value in column], dtype="str") for column in zip(*rows, strict=True)]
    return pd.concat(columns, axis=1, keys=range(len(columns))) if columns else pd.DataFrame()


def _text(value: object) -> str:
    """Write one cell as a person would."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT_DIGITS else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)
