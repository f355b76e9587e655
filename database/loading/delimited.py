"""CSV files: their encoding found, their cells read as text."""

from io import BytesIO

import pandas as pd

from database.loading.findings import refused_file

FILE_LIMIT = 200_000_000
"""Bytes of a CSV file: some 1,000,000 rows."""

ENCODINGS = ("utf-8-sig", "gb18030")
_MEGABYTE = 1_000_000


def delimited_cells(file: str, content: bytes) -> pd.DataFrame:
    """Return the cells of a CSV file as text.

    Returns
    -------
    pd.DataFrame
        One row per record, the header's first, one column per column (0, 1, ...); an empty cell is "".

    Raises
    ------
    Refused
        It is empty, too large, in another encoding, or its records do not fit its header.
    """
    if len(content) > FILE_LIMIT:
        reason = f"文件有{len(content) // _MEGABYTE}MB，超过{FILE_LIMIT // _MEGABYTE}MB的上限，请分成几个文件"
        raise refused_file(file, reason)
    for encoding in ENCODINGS:
        try:
            return _cells(content, encoding)
        except UnicodeDecodeError:
            continue
        except pd.errors.EmptyDataError as error:
            raise refused_file(file, "文件是空的，连表头也没有") from error
        except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
            raise refused_file(file, "文件读不出来，各行的列数与表头不一致或格式有误") from error
    raise refused_file(file, "文件编码不是 UTF-8，也不是 GB18030；请在 Excel 中另存为“CSV UTF-8”")


def _cells(content: bytes, encoding: str) -> pd.DataFrame:
    content.decode(encoding)  # the parser decodes piece by piece and would read the rest in another encoding
    return pd.read_csv(
        BytesIO(content),
        header=None,
        dtype="str",
        keep_default_na=False,
        na_filter=False,
        encoding=encoding,
        skip_blank_lines=False,
        index_col=False,
    )
