"""How the pages of 平台 look."""
