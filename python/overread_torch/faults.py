"""What a person can mend."""

from typing import Literal

Kind = Literal["memory", "environment", "job", "numbers"]


class Fault(Exception):
    """A failure with a sentence for the person; `fix` says what to do."""

    def __init__(self, kind: Kind, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.kind: Kind = kind
        self.fix = fix
