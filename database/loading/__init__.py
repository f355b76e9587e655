"""From the files of a county to changed rows: read, checked by file, row and column, compared, written."""
