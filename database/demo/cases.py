"""Cases of every stream but the campaign's: where, when, about what, and how they ended; all invented."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from database.demo.days import (
    LAST,
    YEARS,
    Counts,
    Days,
    Numbers,
    all_days,
    busyness,
    random,
    share_out,
    working_day_on_or_before,
    working_days_later,
    year,
)
from database.demo.departments import CODES, DEPARTMENTS
from database.demo.outcomes import choose, methods, satisfaction, words
from database.demo.petitions import repeat_count, repeats, with_acceptance
from database.demo.regions import Places
from database.demo.streams import STREAMS, Choices, Stream

USUAL_TOWNSHIPS = 14
NEVER = np.datetime64("NaT", "D")
LEVELS: Choices = (("重大", 0.05), ("较大", 0.25), ("一般", 0.70))


def case_counts(total: int | None, townships: int) -> dict[str, Counts]:
    """Return how many cases each stream has in each of YEARS; `total` None means the usual number per county."""
    usual = np.array([stream.yearly for stream in STREAMS], float) * townships / USUAL_TOWNSHIPS
    whole = round(float(usual.sum())) if total is None else total
    shared = share_out(whole, usual.ravel()).reshape(usual.shape)
    return {stream.name: shared[i] for i, stream in enumerate(STREAMS)}


def stream_cases(stream: Stream, counts: Counts, places: Places, seed: int) -> pd.DataFrame:
    """Return the cases of one stream.

    Returns
    -------
    pd.DataFrame
        One row per case (episode 1) with columns of table `cases`, ordered by township and case number; dates are
        datetime64[s], words are categories. Nothing is dated after the as-of day but due dates.
    """
    rng = random(seed, stream.name)
    level = _level(places, rng)
    again = repeat_count(counts) if stream.name == "petition" else np.zeros_like(counts)
    frame = _with_ends(stream, _opened(stream, counts - again, places, rng), level, rng)
    if again.any():
        repeated = _with_ends(stream, repeats(frame, int(again.sum()), places.quality, rng), level, rng)
        frame = pd.concat([frame.assign(parent=-1), repeated], ignore_index=True)
    if stream.name == "petition":
        frame = with_acceptance(frame.assign(parent=frame.get("parent", -1)), level, rng)
    frame = _with_words(stream, frame, level, rng)
    return _numbered(stream, _with_places(stream, frame, places, rng), places)


def involved_departments(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the departments of each case: the one that leads it, and of one case in twelve another that helps.

    Returns
    -------
    pd.DataFrame
        One row per case, episode and department with the columns of table `case_departments`.
    """
    key = ["township_code", "case_no", "episode"]
    led = frame.loc[frame["lead_department_code"].notna(), [*key, "lead_department_code"]]
    led = led.rename(columns={"lead_department_code": "department_code"})
    rng = random(seed, "departments")
    helped = frame.loc[(rng.random(len(frame)) < 1 / 12) & (frame["stream"] != "litigation"), key]
    codes = rng.integers(1, len(DEPARTMENTS) + 1, len(helped))
    helped = helped.assign(department_code=[f"D{code:02d}" for code in codes])
    return pd.concat([led.astype({"department_code": object}), helped]).drop_duplicates([*key, "department_code"])


def _level(places: Places, rng: np.random.Generator) -> Numbers:
    """Return how well each township does in this stream, by year: 0 at the floor, 1 at the goal."""
    drift = np.array([-0.12, -0.05, 0.0])
    noise = rng.normal(0, 0.07, len(places.quality))
    level: Numbers = np.clip(0.12 + 0.85 * places.quality + noise, 0.02, 1.0)[:, None] + drift[None, :]
    return level


def _opened(stream: Stream, counts: Counts, places: Places, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the day and township of each case: opened (datetime64[D], rising), town (int, position)."""
    calendar, weight = all_days(), busyness(weekend=stream.weekend, quiet=stream.quiet)
    days = [
        _draw_days(calendar, weight * (calendar <= np.datetime64(stream.until)), place, int(counts[i]), rng)
        for i, place in enumerate(YEARS)
    ]
    opened = np.concatenate(days)
    slope = np.clip(1 + stream.slope * (0.55 - places.quality), 0.2, None)
    burden: Numbers = places.population.astype(np.float64) * slope
    burden = burden * rng.uniform(0.92, 1.08, len(burden))
    town = np.searchsorted(np.cumsum(burden) / burden.sum(), rng.random(len(opened)))
    return pd.DataFrame({"opened": opened, "town": np.minimum(town, len(burden) - 1)})


def _draw_days(calendar: Days, weight: Numbers, place: int, count: int, rng: np.random.Generator) -> Days:
    own = weight * (year(calendar) == place)
    at = np.searchsorted(np.cumsum(own) / own.sum(), rng.random(count), side="right")
    return np.sort(calendar[np.minimum(at, len(calendar) - 1)])


def _with_ends(stream: Stream, frame: pd.DataFrame, level: Numbers, rng: np.random.Generator) -> pd.DataFrame:
    """Add platform (position), due and closed days: in time as often as the township is good, late, or never."""
    size = len(frame)
    opened = frame["opened"].to_numpy("datetime64[D]")
    platform = _platforms(stream, opened, rng)
    limit = np.array([each.limit for each in stream.platforms])[platform]
    due = working_days_later(opened, stream.platforms[0].limit) if stream.is_working_days else opened + limit
    span = (due - opened).astype(np.int64)
    skill = level[frame["town"], year(opened) - YEARS[0]]
    in_time = rng.random(size) < np.clip(stream.floor + (stream.goal - stream.floor) * skill, 0, 0.999)
    early = opened + np.floor(span * rng.beta(2, 2.4, size)).astype(np.int64)
    early = np.maximum(working_day_on_or_before(early), opened)
    late = due + 1 + rng.geometric(1 / stream.late_days, size)
    closed = np.where(in_time, early, late)
    closed[~in_time & (rng.random(size) < stream.stuck_share * 4)] = NEVER
    closed[closed > LAST] = NEVER
    return frame.assign(platform=platform, due=due, closed=closed)


def _platforms(stream: Stream, opened: Days, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Draw each case's platform among those open on its day."""
    share = np.array([each.share for each in stream.platforms])
    opens = np.array([each.opens_on for each in stream.platforms], "datetime64[D]")
    drawn = np.searchsorted(np.cumsum(share) / share.sum(), rng.random(len(opened)), side="right")
    drawn = np.minimum(drawn, len(share) - 1)
    return np.where(opens[drawn] > opened, 0, drawn)


def _with_words(stream: Stream, frame: pd.DataFrame, level: Numbers, rng: np.random.Generator) -> pd.DataFrame:
    """Add category, channel, level, method, satisfaction and the department that leads."""
    size = len(frame)
    category = choose(tuple((name, share) for name, _, share in stream.categories), size, rng)
    leads = pd.Categorical([CODES.get(name) for _, name, _ in stream.categories])
    is_led = rng.random(size) < stream.department_share
    is_closed = frame["closed"].notna().to_numpy()
    skill = level[frame["town"], year(frame["opened"].to_numpy("datetime64[D]")) - YEARS[0]]
    told = {
        "category": category,
        "channel": choose(stream.channels, size, rng),
        "level": choose(LEVELS, size, rng) if stream.name == "risk" else None,
        "closing_method": methods(stream.name, is_closed, skill, rng),
        "satisfaction": satisfaction(stream, is_closed, skill, rng),
        "lead_department_code": pd.Categorical.from_codes(
            np.where(is_led, leads.codes[category.codes], -1), dtype=leads.dtype
        ),
        "is_led": is_led,
        "platform": _platform_names(stream, frame["platform"].to_numpy()),
    }
    return frame.assign(**told)


def _platform_names(stream: Stream, platform: Counts) -> pd.Categorical:
    """Name the platforms, by position; "" is no platform."""
    names = tuple(dict.fromkeys(each.name for each in stream.platforms if each.name))
    codes = np.array([names.index(each.name) if each.name else -1 for each in stream.platforms])
    return words(codes[platform], names)


def _with_places(stream: Stream, frame: pd.DataFrame, places: Places, rng: np.random.Generator) -> pd.DataFrame:
    """Add region codes: township and village, or the county alone for what belongs to no township."""
    size = len(frame)
    town = frame["town"].to_numpy()
    running = np.concatenate([[0], np.cumsum(places.village_population)])
    low, high = running[places.village_start[town]], running[places.village_start[town + 1]]
    village = np.searchsorted(running, low + rng.random(size) * (high - low), side="right") - 1
    is_county = rng.random(size) < stream.county_share
    village = np.where(is_county | (rng.random(size) < 0.12), -1, village)
    regions = pd.Index([*places.townships, *dict.fromkeys(places.counties)])
    counties = pd.Index(places.counties)
    codes = np.where(is_county, regions.get_indexer(counties)[town], town)
    lead = frame["lead_department_code"]
    fallback = np.array([CODES.get(name) for _, name, _ in stream.categories], object)[frame["category"].cat.codes]
    if stream.county_share:
        lead = pd.Series(pd.Categorical(np.where(is_county, fallback, lead.to_numpy(object))), index=frame.index)
    return frame.assign(
        region=codes,
        township_code=pd.Categorical.from_codes(codes, categories=regions),
        village_code=pd.Categorical.from_codes(village, categories=pd.Index(places.village_codes)),
        lead_department_code=lead,
    )


def _numbered(stream: Stream, frame: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Give the cases numbers in the order they opened, and lay them out as table `cases` has them."""
    order = np.argsort(frame["opened"].to_numpy(), kind="stable")
    position = np.empty(len(frame), np.int64)
    position[order] = np.arange(len(frame))
    years = year(frame["opened"].to_numpy("datetime64[D]"))
    number = [
        f"{stream.prefix}{place}-{no:07d}" for place, no in zip(years.tolist(), (position + 1).tolist(), strict=True)
    ]
    numbers = pd.Series(number, dtype=object)
    parent = frame["parent"].to_numpy() if "parent" in frame else np.full(len(frame), -1)
    repeated = np.where(parent >= 0, numbers.to_numpy()[parent], None)
    columns = {
        "township_code": frame["township_code"],
        "case_no": numbers,
        "episode": 1,
        "stream": words(np.zeros(len(frame), np.int64), (stream.name,)),
        **{name: frame[name] for name in ("village_code", "category", "channel", "platform", "level")},
        "lead_department_code": frame["lead_department_code"],
        "opened_on": frame["opened"],
        "first_opened_on": frame["opened"],
        "repeat_of": pd.Series(repeated, dtype=object),
        **{name: frame[name] for name in ("accept_due_on", "accepted_on", "is_repeat") if name in frame},
        "due_on": frame["due"],
        "due_is_default": False,
        "closed_on": frame["closed"],
        "closing_method": frame["closing_method"],
        "satisfaction": frame["satisfaction"],
    }
    return pd.DataFrame(columns).iloc[np.lexsort((position, frame["region"].to_numpy()))].reset_index(drop=True)
