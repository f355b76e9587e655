"""How the pages of 数据 look."""
