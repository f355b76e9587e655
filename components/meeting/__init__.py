"""How the pages of 会议 look."""
