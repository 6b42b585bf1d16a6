"""Reads HTML reports, also those named .xls: each data table as a page, spans filled, with the text around it."""

import re
from collections.abc import Callable, Iterator

from lxml import etree

from bot.imports.reading import Page, Rows, UnreadableFileError

# Limits that no report of a school reaches; a crafted file is refused before it fills the memory.
MOST_COLUMNS = 1000
MOST_CELLS = 1_000_000
MOST_ELEMENTS = 600_000
_LINE_ENDS = frozenset(
    {"body", "br", "caption", "center", "dd", "div", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "label"}
    | {"li", "p", "section", "span", "table", "td", "th", "title", "tr", "ul"}
)
NUL, NUL_STAND_IN = "\0", "\U0008fffe"
"""lxml stops at a NUL, so a character that is equally forbidden in texts replaces it until the cells are read."""

_BLANKS = re.compile(r"[^\S\x1c-\x1f\x85]+")
_TAG = re.compile(r"<[a-z][^<>]*", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"<>]*\"|'[^'<>]*'")
_BEFORE_ATTRIBUTES = " \t\r\n\f/="
_INVISIBLE_TAGS = frozenset({"script", "style", "noscript", "template"})


def read_html_pages(text: str, is_data: Callable[[Rows], bool]) -> list[Page]:
    """A page for each table that `is_data` accepts; tables around it count as layout, tables inside it as cell text.

    Raises UnreadableError when the text is no HTML or a table is too large to be a report.
    """
    root = _parse(text)
    tables: list[Rows] = []
    gaps: list[list[str]] = [[]]
    for line in _lines_and_tables(root, is_data):
        if isinstance(line, str):
            gaps[-1].append(line)
        else:
            tables.append(line)
            gaps.append([])
    return [Page(None, rows, above, below) for rows, above, below in zip(tables, gaps, gaps[1:], strict=False)]


def is_html_page_cut(text: str) -> bool:
    """True where the file ends inside a table: the missing marks would look withdrawn."""
    lower = text.lower()
    return lower.count("<table") > lower.count("</table")


def _parse(text: str) -> etree._Element:
    if _count_elements(text) > MOST_ELEMENTS:
        raise UnreadableFileError("table_too_large")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = etree.HTML(text.replace(NUL, NUL_STAND_IN).encode(errors="replace"), parser)
    if root is None:
        raise UnreadableFileError("unrecognised")
    return root


def _count_elements(text: str) -> int:
    """An upper bound of elements and attributes, counted before parsing fills the memory; quoted values are skipped."""
    tags = _TAG.finditer(_QUOTED.sub("", text))
    return sum(1 + sum(map(tag[0].count, _BEFORE_ATTRIBUTES)) for tag in tags)


def _lines_and_tables(root: etree._Element, is_data: Callable[[Rows], bool]) -> Iterator[str | Rows]:
    """The document in order: lines of text, and the rows of each data table."""
    buffer: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if element.tag in _LINE_ENDS:
            yield from _flush_line(buffer)
        if event == "end":
            buffer.append(element.tail or "")
        elif element.tag in _INVISIBLE_TAGS:
            walk.skip_subtree()
        elif element.tag == "table" and is_data(rows := _rows(element)):
            yield rows
            walk.skip_subtree()
        else:
            buffer.append(element.text or "")
    yield from _flush_line(buffer)


def _flush_line(buffer: list[str]) -> Iterator[str]:
    if line := _normalise_blanks("".join(buffer)):
        yield line
    buffer.clear()


def _normalise_blanks(text: str) -> str:
    """The words with single blanks between them. Control characters are kept, so that the reader can refuse them."""
    if text.isprintable():
        return " ".join(text.split())
    return _BLANKS.sub(" ", text).strip(" ").replace(NUL_STAND_IN, NUL)


def _rows(table: etree._Element) -> Rows:
    """The table's own cells; a cell that spans columns or rows is repeated in each of them."""
    own = [row for part in (table, *table.iterchildren("thead", "tbody", "tfoot")) for row in part.iterchildren("tr")]
    filled: list[list[str]] = []
    spanning: dict[int, tuple[int, str]] = {}
    cells = 0
    for number, row in enumerate(own):
        filled.append(_fill_row(row, spanning, rows_left=len(own) - number))
        cells += len(filled[-1])
        if cells > MOST_CELLS:
            raise UnreadableFileError("table_too_large")
    return filled


def _fill_row(row: etree._Element, spanning: dict[int, tuple[int, str]], *, rows_left: int) -> list[str]:
    filled: list[str] = []
    for cell in row.iterchildren("td", "th"):
        _repeat_spanning_cells(filled, spanning)
        text = _normalise_blanks(" ".join(map(str, cell.itertext())))
        rows = _span(cell, "rowspan", most=rows_left)
        for _ in range(_span(cell, "colspan", most=MOST_COLUMNS)):
            if rows > 1:
                spanning[len(filled)] = (rows - 1, text)
            filled.append(text)
        if len(filled) > MOST_COLUMNS:
            raise UnreadableFileError("table_too_large")
    while any(column >= len(filled) for column in spanning):
        filled.extend([] if len(filled) in spanning else [""])
        _repeat_spanning_cells(filled, spanning)
    return filled


def _repeat_spanning_cells(filled: list[str], spanning: dict[int, tuple[int, str]]) -> None:
    """Insert cells of rows above that span down into this row."""
    while (column := len(filled)) in spanning:
        rows, text = spanning.pop(column)
        if rows > 1:
            spanning[column] = (rows - 1, text)
        filled.append(text)


def _span(cell: etree._Element, name: str, *, most: int) -> int:
    digits = cell.get(name, "1").strip().rstrip("px%")
    return min(max(int(digits), 1), most) if digits.isdecimal() and len(digits) < len(str(MOST_CELLS)) else 1
