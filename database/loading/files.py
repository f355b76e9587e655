"""Read the files of one load, of whatever kind: each sheet under its table, every cell still text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from database.loading.batch import Batch, Sheet
from database.loading.columns import table_named
from database.loading.delimited import FILE_LIMIT, delimited_cells
from database.loading.findings import Finding, Refused, refused_file
from database.loading.headers import OWN_SHEETS, Cells, sheet_table, table_sheet
from database.loading.workbooks import workbook_sheets

ZIP, OLD_EXCEL = b"PK", b"\xd0\xcf\x11\xe0"
SUFFIXES = (".csv", ".xlsx")


@dataclass(frozen=True)
class Upload:
    """A file that came by the browser."""

    name: str
    content: bytes


Given = Path | Upload
"""A file of a load: on this machine, or sent to it."""


def read_batch(files: Sequence[Given], deletions: Sequence[Given] = ()) -> Batch:
    """Read every file.

    Raises
    ------
    Refused
        A file that cannot be read, is not named as a base table, or whose header does not fit its table.
    """
    sheets: list[Sheet] = []
    notes: list[Finding] = []
    refused: list[Finding] = []
    for file, is_delete in [*((file, False) for file in files), *((file, True) for file in deletions)]:
        try:
            for sheet, remarks in _sheets(file, is_delete=is_delete):
                sheets.append(sheet)
                notes += remarks
        except Refused as refusal:
            refused += refusal.findings
    if refused:
        raise Refused(refused)
    return Batch(sheets, notes)


def _sheets(file: Given, *, is_delete: bool) -> Iterator[tuple[Sheet, list[Finding]]]:
    upload = _upload(file)
    _refuse_kind(upload)
    stem = Path(upload.name).stem
    if Path(upload.name).suffix.lower() == ".csv":
        cells = Cells(upload.name, "", delimited_cells(upload.name, upload.content))
        yield table_sheet(cells, sheet_table(cells, stem), is_delete=is_delete)
        return
    found = [Cells(upload.name, name, frame) for name, frame in workbook_sheets(upload.name, upload.content)]
    found = [cells for cells in found if cells.name not in OWN_SHEETS]
    read = []
    for cells in found:
        # A workbook of one sheet may be named as the table while its sheet is called Sheet1.
        named = stem if len(found) == 1 and table_named(cells.name) is None else cells.name
        read.append(table_sheet(cells, sheet_table(cells, named), is_delete=is_delete))
    if all(sheet.frame.empty for sheet, _ in read):
        raise refused_file(upload.name, "工作簿中没有可以导入的行")
    yield from ((sheet, remarks) for sheet, remarks in read if remarks or not sheet.frame.empty)


def _upload(file: Given) -> Upload:
    if isinstance(file, Upload):
        return file
    try:
        size = file.stat().st_size
        if size > FILE_LIMIT:
            raise refused_file(file.name, f"文件有{size // 1_000_000}MB，太大，请分成几个文件")
        return Upload(file.name, file.read_bytes())
    except FileNotFoundError as error:
        raise refused_file(file.name, "找不到文件") from error
    except OSError as error:
        raise refused_file(file.name, "文件读不出来，请检查权限，或先关闭正在使用它的程序") from error


def _refuse_kind(upload: Upload) -> None:
    """Look at a file's name and its first bytes.

    Raises
    ------
    Refused
        Another kind of file than .csv or .xlsx, or an extension that does not fit the content.
    """
    suffix = Path(upload.name).suffix.lower()
    if suffix in (".xlsm", ".xltm", ".xlsb"):
        raise refused_file(upload.name, "含宏的工作簿不予打开；请另存为不含宏的 .xlsx")
    if suffix not in SUFFIXES:
        raise refused_file(upload.name, "只能导入 .csv 和 .xlsx 文件；旧版 .xls 请另存为 .xlsx")
    if not upload.content:
        raise refused_file(upload.name, "文件是空的（0字节）")
    if upload.content.startswith(OLD_EXCEL):
        raise refused_file(upload.name, "这是旧版 .xls 或加密的工作簿，请去掉密码并另存为 .xlsx")
    if suffix == ".xlsx" and not upload.content.startswith(ZIP):
        raise refused_file(upload.name, "扩展名是 .xlsx，内容却不是工作簿")
    if suffix == ".csv":
        _refuse_no_text(upload)


def _refuse_no_text(upload: Upload) -> None:
    if upload.content.startswith(ZIP + b"\x03\x04"):
        raise refused_file(upload.name, "扩展名是 .csv，内容却是工作簿；请把扩展名改为 .xlsx")
    if upload.content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused_file(upload.name, "文件编码是 UTF-16；请在 Excel 中另存为“CSV UTF-8”")
    if b"\0" in upload.content:
        raise refused_file(upload.name, "扩展名是 .csv，内容却不是文本")
