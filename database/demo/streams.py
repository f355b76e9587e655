"""What each stream of cases is like in the demo county: how many, about what, how long, how well."""

from dataclasses import dataclass

Choices = tuple[tuple[str, float], ...]
"""Words with their shares."""


@dataclass(frozen=True)
class Platform:
    """A platform that carries a share of a stream's cases, with its own time limit ("" = none)."""

    name: str
    share: float
    limit: int
    opens_on: str = "2018-01-01"


@dataclass(frozen=True)
class Stream:
    """The settings of one stream.

    `yearly` counts cases of 2018, 2019 and January to August 2020 in a county of the usual size; `floor` and `goal`
    are the in-time rates of the weakest and the best township; `slope` is how many more cases a weak township has;
    shares are of cases. `categories` name the department that leads a case of that kind where a department leads.
    """

    name: str
    prefix: str
    yearly: tuple[int, int, int]
    platforms: tuple[Platform, ...]
    categories: tuple[tuple[str, str, float], ...]
    channels: Choices
    floor: float
    goal: float
    weekend: float = 0.25
    quiet: float = 0.4
    slope: float = 0.0
    late_days: float = 8.0
    stuck_share: float = 0.01
    rated_share: float = 0.0
    department_share: float = 0.0
    county_share: float = 0.0
    is_working_days: bool = False
    until: str = "2020-08-31"


CENTRE_OPENS = "2019-07-01"
"""The day from which the mediation centre (矛调中心) has rows."""

LAND, BUILDING, FARMING = "县自然资源和规划局", "县住房和城乡建设局", "县农业农村局"
LABOUR, MARKET, HEALTH = "县人力社保局", "县市场监管局", "县卫生健康局"
ENFORCEMENT, EMERGENCY, POLICE = "县综合行政执法局", "县应急管理局", "县公安局"

BACKLOG = Stream(
    name="petition_backlog",
    prefix="JA",
    yearly=(150, 110, 16),
    platforms=(Platform("", 1, 60),),
    categories=(("征地拆迁", LAND, 0.24), ("城乡建设", BUILDING, 0.18), ("劳动社保", LABOUR, 0.16),
                ("山林土地", FARMING, 0.16), ("涉法涉诉", "县人民法院", 0.14), ("历史遗留", "县民政局", 0.12)),
    channels=(("来访", 0.45), ("来信", 0.2), ("网上信访", 0.2), ("上级交办", 0.15)),
    floor=0.5, goal=0.85, slope=0.5, late_days=20, stuck_share=0.02, department_share=0.15,
    until="2020-06-05",  # what comes later is handed out in the campaign
)  # fmt: skip

PETITION = Stream(
    name="petition",
    prefix="XF",
    yearly=(2050, 1760, 960),
    platforms=(Platform("", 0.7, 60), Platform("矛调中心", 0.3, 60, CENTRE_OPENS)),
    categories=(("城乡建设", BUILDING, 0.19), ("劳动社保", LABOUR, 0.18), ("征地拆迁", LAND, 0.16),
                ("农村农业", FARMING, 0.15), ("环境保护", ENFORCEMENT, 0.12), ("市场消费", MARKET, 0.08),
                ("医疗卫生", HEALTH, 0.06), ("涉法涉诉", "县人民法院", 0.06)),
    channels=(("网上信访", 0.44), ("来访", 0.26), ("电话", 0.22), ("来信", 0.08)),
    floor=0.90, goal=1.0, quiet=0.3, slope=0.6, rated_share=0.62, department_share=0.12,
)  # fmt: skip

DISPUTE = Stream(
    name="dispute",
    prefix="JF",
    yearly=(2150, 2250, 1380),
    platforms=(Platform("综治工作", 0.62, 30), Platform("矛调中心", 0.38, 30, CENTRE_OPENS)),
    categories=(("邻里纠纷", "县司法局", 0.27), ("婚姻家庭", "县司法局", 0.19), ("劳动争议", LABOUR, 0.15),
                ("损害赔偿", "县司法局", 0.14), ("山林土地", FARMING, 0.11), ("合同债务", "县人民法院", 0.09),
                ("交通事故", POLICE, 0.05)),
    channels=(("群众申请", 0.55), ("主动排查", 0.33), ("部门移送", 0.12)),
    floor=0.90, goal=0.99, weekend=0.5, slope=0.4, late_days=6, rated_share=0.3, department_share=0.03,
)  # fmt: skip

EVENT = Stream(
    name="event",
    prefix="SJ",
    yearly=(2700, 3300, 2500),
    platforms=(Platform("综治工作", 0.36, 15), Platform("综合执法", 0.22, 7), Platform("市场监管", 0.14, 10),
               Platform("便民服务", 0.11, 5), Platform("智慧城管", 0.11, 3), Platform("应急联动", 0.06, 2)),
    categories=(("环境卫生", ENFORCEMENT, 0.24), ("安全隐患", EMERGENCY, 0.18), ("公共设施", BUILDING, 0.17),
                ("矛盾线索", "县矛调中心", 0.13), ("占道经营", ENFORCEMENT, 0.13), ("食品安全", MARKET, 0.08),
                ("流动人口", POLICE, 0.07)),
    channels=(("网格员上报", 0.72), ("群众举报", 0.16), ("巡查发现", 0.12)),
    floor=0.92, goal=0.99, weekend=0.7, quiet=0.8, late_days=4, stuck_share=0.003, county_share=0.02,
)  # fmt: skip

APPEAL = Stream(
    name="appeal",
    prefix="SQ",
    yearly=(520, 850, 720),
    platforms=(Platform("慢城通", 1, 5),),
    categories=(("公共设施", BUILDING, 0.26), ("环境卫生", ENFORCEMENT, 0.22), ("交通出行", POLICE, 0.17),
                ("社会保障", LABOUR, 0.13), ("医疗教育", HEALTH, 0.12), ("政策咨询", "县政府办公室", 0.10)),
    channels=(("慢城通", 1.0),),
    floor=0.90, goal=1.0, weekend=0.8, quiet=0.9, late_days=4, rated_share=0.45, department_share=0.1,
    county_share=0.03, is_working_days=True,
)  # fmt: skip

RISK = Stream(
    name="risk",
    prefix="FX",
    yearly=(380, 440, 330),
    platforms=(Platform("综治工作", 0.5, 30), Platform("应急联动", 0.25, 15),
               Platform("矛调中心", 0.25, 30, CENTRE_OPENS)),
    categories=(("安全生产", EMERGENCY, 0.27), ("地质灾害", LAND, 0.16), ("涉众经济", POLICE, 0.13),
                ("劳资风险", LABOUR, 0.15), ("房屋安全", BUILDING, 0.17), ("食品药品", MARKET, 0.12)),
    channels=(("主动排查", 0.7), ("部门推送", 0.2), ("群众举报", 0.1)),
    floor=0.85, goal=0.99, weekend=0.4, late_days=10, stuck_share=0.015, department_share=0.1,
)  # fmt: skip

LITIGATION = Stream(
    name="litigation",
    prefix="SS",
    yearly=(3100, 2830, 1570),
    platforms=(Platform("", 0.7, 90), Platform("", 0.3, 180)),
    categories=(("民事一审", "", 1.0),),
    channels=(("立案窗口", 0.55), ("网上立案", 0.45)),
    floor=0.93, goal=0.98, weekend=0.05, quiet=0.3, slope=0.45, late_days=25, stuck_share=0.005,
)  # fmt: skip

STREAMS = (BACKLOG, PETITION, DISPUTE, EVENT, APPEAL, RISK, LITIGATION)
