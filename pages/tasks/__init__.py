"""The Tasks page: what there is, adding a task, and what is in one."""
