"""What the tables of the shared database are called on screen."""

TABLE_NAMES = {
    "regions": "区划",
    "departments": "部门",
    "work_groups": "专项工作组",
    "campaigns": "专项行动",
    "tasks": "重点任务",
    "task_departments": "任务责任单位",
    "task_progress": "任务进度",
    "milestones": "任务节点",
    "kpis": "考核指标",
    "kpi_values": "指标数值",
    "schemes": "考核方案",
    "kpi_weights": "指标权重",
    "cases": "案件台账",
    "case_departments": "案件涉及部门",
    "backlog_states": "案件逐日汇总",
    "case_months": "案件逐月汇总",
    "kpi_totals": "上级区域指标汇总",
    "task_totals": "上级区域任务汇总",
    "case_groups": "案件分类汇总",
    "department_months": "涉及部门逐月汇总",
    "kpi_scores": "考核得分",
    "data_releases": "数据批次",
}


def table_word(table: str) -> str:
    """Return the Chinese name of a table; an unknown one bears its own."""
    return TABLE_NAMES.get(table, table)
