"""`progress.jsonl`: what a job tells while it runs. Lines are appended, one write each."""

import json
import math
import time
from pathlib import Path

from overread_torch.faults import Fault

FILE = "progress.jsonl"


class Progress:
    """Tells from the first process; the others are silent."""

    def __init__(self, folder: Path, tells: bool) -> None:
        self.file = (folder / FILE).open("a", encoding="utf-8") if tells else None

    def tell(self, stage: str, **values: float | str | None) -> None:
        """Adds a line. Numbers that are not finite become null."""
        if self.file is None:
            return
        clean = {
            key: None if isinstance(value, float) and not math.isfinite(value) else value
            for key, value in values.items()
        }
        self.file.write(json.dumps({"time": time.time(), "stage": stage, **clean}) + "\n")
        self.file.flush()

    def fault(self, fault: Fault) -> None:
        """The line that ends a job that failed."""
        self.tell("fault", kind=fault.kind, message=str(fault), fix=fault.fix)
