from analysis.streams import PENDING_PLATFORM, PLATFORMS, STREAMS


def test_each_stream_has_verbs_of_its_own():
    backlog, event = STREAMS["petition_backlog"], STREAMS["event"]
    assert (backlog.name, backlog.opened, backlog.closed, backlog.rate) == ("信访积案", "交办", "化解", "化解率")
    assert (event.name, event.opened, event.closed, event.rate) == ("治理事件", "上报", "办结", "按时办结率")
    assert STREAMS["litigation"].rate == ""
    assert len(STREAMS) == 7


def test_a_platform_that_is_not_live_is_not_among_the_platforms():
    assert PENDING_PLATFORM not in PLATFORMS
    assert len(set(PLATFORMS)) == 8
