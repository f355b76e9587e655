"""Every page of the dashboard: file, title, icon, section, roles, shared filters; pure data, no framework."""

from dataclasses import dataclass

ALL_ROLES = frozenset({"leader", "office", "department", "township"})
OFFICE = frozenset({"office"})
SHARED_FILTERS = ("township", "as_of")
WEAK_LINK_FILTERS = (*SHARED_FILTERS, "department", "kind")
CHECKLIST_FILTERS = ("work_group", "department", "light")
TASK_FILTERS = (*SHARED_FILTERS, *CHECKLIST_FILTERS)
UNIT_FILTERS = (*SHARED_FILTERS, "work_group", "department")


@dataclass(frozen=True)
class Page:
    """One page: its file under the project root, how the menu shows it, who may open it, which filters apply.

    A hidden page has its address and stands in no menu: another page leads to it. One that is above compares counties
    and cities too, in a database of several counties; any other asks for a county first.
    """

    path: str
    title: str
    icon: str
    section: str
    roles: frozenset[str] = ALL_ROLES
    is_default: bool = False
    filters: tuple[str, ...] = SHARED_FILTERS
    is_hidden: bool = False
    is_above: bool = False


PAGES: tuple[Page, ...] = (
    Page("pages/overview/overview.py", "总体情况", ":material/dashboard:", "总览", is_default=True, is_above=True),
    Page("pages/assessment/rankings.py", "考核排名", ":material/leaderboard:", "考核", is_above=True),
    Page("pages/assessment/standing.py", "为什么排在这里", ":material/troubleshoot:", "考核"),
    Page("pages/assessment/what_if.py", "如果调整权重", ":material/tune:", "考核"),
    Page("pages/assessment/signals.py", "信号", ":material/notifications_active:", "考核"),
    Page("pages/assessment/funnel.py", "差异判断图", ":material/scatter_plot:", "考核"),
    Page("pages/tasks/tasks.py", "任务清单", ":material/checklist:", "任务", filters=TASK_FILTERS, is_above=True),
    Page("pages/tasks/task.py", "任务详情", ":material/assignment:", "任务"),
    Page("pages/tasks/departments.py", "按部门、专项组", ":material/groups:", "任务", filters=UNIT_FILTERS),
    Page("pages/tasks/weak_links.py", "薄弱环节", ":material/report:", "任务", filters=WEAK_LINK_FILTERS),
    Page(
        "pages/backlog/backlog.py",
        "积案化解",
        ":material/gavel:",
        "积案",
        filters=(*SHARED_FILTERS, "stream"),
        is_above=True,
    ),
    Page("pages/backlog/ledger.py", "台账", ":material/table_rows:", "积案", filters=(*SHARED_FILTERS, "stream")),
    Page("pages/backlog/case.py", "案件", ":material/folder_open:", "积案", is_hidden=True),
    Page("pages/backlog/campaign.py", "百日攻坚", ":material/flag:", "积案"),
    Page("pages/backlog/structure.py", "积案结构", ":material/donut_small:", "积案"),
    Page("pages/backlog/clearing.py", "化解用时和清零", ":material/timer:", "积案"),
    Page("pages/services/services.py", "平台运行", ":material/hub:", "平台"),
    Page("pages/services/totals.py", "信访诉讼与平安", ":material/balance:", "平台"),
    Page("pages/township/township.py", "乡镇画像", ":material/location_city:", "乡镇"),
    Page("pages/meeting/meeting.py", "会议材料", ":material/slideshow:", "会议"),
    Page("pages/meeting/presenter.py", "放映", ":material/play_circle:", "会议", is_hidden=True),
    Page("pages/meeting/finalised.py", "会议定稿", ":material/lock_clock:", "会议"),
    Page("pages/meeting/follow_ups.py", "议定事项", ":material/event_available:", "会议"),
    Page("pages/data/quality.py", "数据质量", ":material/fact_check:", "数据"),
    Page("pages/data/definitions.py", "口径说明", ":material/menu_book:", "数据", filters=("as_of",), is_above=True),
    Page("pages/data/importing.py", "导入", ":material/upload_file:", "数据", roles=OFFICE, filters=(), is_above=True),
    Page("pages/data/users.py", "账号", ":material/manage_accounts:", "数据", roles=OFFICE, is_above=True),
    Page("pages/data/audit.py", "操作记录", ":material/history:", "数据", roles=OFFICE, is_above=True),
)


def menu(role: str) -> dict[str, list[Page]]:
    """Return the pages that `role` may open by section, in the order of PAGES."""
    sections: dict[str, list[Page]] = {}
    for page in PAGES:
        if role in page.roles:
            sections.setdefault(page.section, []).append(page)
    return sections
