from analysis.streams import PENDING_PLATFORM, PLATFORMS, STREAMS, stream_named


def test_each_stream_has_verbs_of_its_own():
    backlog, event = STREAMS["petition_backlog"], STREAMS["event"]
    assert (backlog.name, backlog.opened, backlog.closed, backlog.rate) == ("信访积案", "交办", "化解", "化解率")
    assert (event.name, event.opened, event.closed, event.rate) == ("治理事件", "上报", "办结", "按时办结率")
    assert STREAMS["litigation"].rate == ""
    assert len(STREAMS) == 7


def test_a_stream_is_found_by_its_full_or_short_name():
    assert stream_named("信访积案") is stream_named("积案") is STREAMS["petition_backlog"]
    assert stream_named("信访事项（初信初访）") is STREAMS["petition"]
    assert stream_named("unknown") is None


def test_a_platform_that_is_not_live_is_not_among_the_platforms():
    assert PENDING_PLATFORM not in PLATFORMS
    assert len(set(PLATFORMS)) == 8
