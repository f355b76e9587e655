"""What a screen reader says in place of a chart: the finding first, then what is drawn."""


def text_alternative(finding: str, drawn: str) -> str:
    """Return the finding and what is drawn as two sentences; without a finding what is drawn alone."""
    said = finding.strip().rstrip("。")
    return f"{f'{said}。' if said else ''}图中为{drawn}。"
