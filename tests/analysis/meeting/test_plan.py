from analysis.meeting.plan import MOST_SLIDES, Item, Topic, default_plan, named, read, written

TOWNSHIPS = {"330822001": "天马", "330822108": "招贤"}


def test_the_default_plan_keeps_the_countys_order_with_a_slide_per_township() -> None:
    keys = written(default_plan(TOWNSHIPS))
    assert keys[0] == "cover"
    assert keys[-3:] == ["township:330822001", "township:330822108", "asked"]
    assert len(keys) == len(Topic) - 1 + 2


def test_a_plan_is_read_in_the_order_it_was_written() -> None:
    plan = (Item(Topic.RANKING), Item(Topic.TOWNSHIP, "330822108"), Item(Topic.COVER))
    assert read(written(plan), TOWNSHIPS) == plan


def test_what_is_no_slide_and_what_came_before_is_left_out() -> None:
    assert read(["cover", "township:999", "cover", "township", "", "asked"], TOWNSHIPS) == (
        Item(Topic.COVER),
        Item(Topic.ASKED),
    )


def test_a_plan_ends_somewhere() -> None:
    many = {f"{i:03}": f"乡{i}" for i in range(100)}
    assert len(read(written(default_plan(many)), many)) == MOST_SLIDES


def test_a_slide_is_named_by_its_subject_or_township() -> None:
    assert named(Item(Topic.AGED), TOWNSHIPS) == "积案重点"
    assert named(Item(Topic.TOWNSHIP, "330822108"), TOWNSHIPS) == "招贤"
