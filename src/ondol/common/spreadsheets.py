"""Cells of files that people open in a spreadsheet."""


def harmless(cell: object) -> object:
    """A text that a spreadsheet would take for a formula begins with an apostrophe; signs that no screen shows are left out."""
    if not isinstance(cell, str):
        return cell
    text = "".join(sign if sign.isprintable() else " " for sign in cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).replace(",", "").isdecimal()
