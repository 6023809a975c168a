"""Text of others inside Markdown."""


def plain(text: str) -> str:
    """``text`` with the characters escaped that Markdown would read."""
    return "".join(f"\\{mark}" if mark in r"\`*_[]<>#$:~" else mark for mark in text)


