"""What an agenda and a frozen meeting have in common: a name and the keys of their slides in order."""

from collections.abc import Sequence


def named_slides(name: str, slides: Sequence[str], *, longest: int) -> tuple[str, list[str]]:
    """Return name and slides as they are kept.

    Raises
    ------
    ValueError
        For an empty or overlong name, or no slides.
    """
    said = " ".join(name.split())
    if not 0 < len(said) <= longest:
        raise ValueError(f"expected a name of 1 to {longest} characters, got {len(said)}")
    if not slides:
        raise ValueError("expected slides, got none")
    return said, list(slides)
