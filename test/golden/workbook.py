"""A workbook as openpyxl writes it, with what spreadsheets hold of a data set: ids, dates, numbers, formulas, several sheets.
`python test/golden/workbook.py` writes test/golden/values/table/reading.xlsx; what must be read of it stands in
test/core/table/workbook.test.ts. openpyxl 3.1.5."""

import datetime
from pathlib import Path

from openpyxl import Workbook

book = Workbook()
notes = book.active
notes.title = "Notes"
notes["A1"] = "Read by two of us"
sheet = book.create_sheet("Reading 2026")
sheet.append([])
sheet.append(["image", "patient", "long id", "read on", "at", "time", "score", "share", "label", "ok", "label", "", "note"])
rows = [
    ["a.png", "007", "12345678901234567890", datetime.date(2026, 1, 31), datetime.datetime(2026, 1, 31, 12, 30, 5),
     datetime.time(7, 45), 1.0, 0.1 + 0.2, "Pneumonia", True, None, None, "=1+1"],
    ["b.png", 7, 123456789012345, datetime.date(1999, 12, 31), datetime.datetime(1900, 3, 1), None, 2.5, 1e-7,
     " Normal ", False, "x", 3, "line\nbreak & <tag> ü"],
    [None] * 13,
    ["c.png", 1234567, None, None, None, None, -1, 1e21, "NA", None, None, None, None],
]
for row in rows:
    sheet.append(row)
other = book.create_sheet("Other")
other.append(["image", "label"])
other.append(["z.png", "A"])
target = Path(__file__).parent / "values" / "table" / "reading.xlsx"
target.parent.mkdir(parents=True, exist_ok=True)
book.save(target)
