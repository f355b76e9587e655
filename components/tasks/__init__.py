"""How the pages of 任务 look."""
