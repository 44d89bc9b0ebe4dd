"""Receipts: a stage's word that its artifacts are whole, written last and once."""

from pydantic import ValidationError

from longhop.records.artifacts import Outcome, Receipt
from longhop.storage.files import Files


class ReceiptStore:
    """Finds what a stage made under its key."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def find(self, stage: str, key: str) -> Outcome | None:
        """The outcome under this key if its receipt and all of its artifacts are there.

        An artifact that was removed makes the receipt void: the stage runs again, and its model
        answers come from the memo.
        """
        try:
            data = self.files.read(_path(stage, key))
        except FileNotFoundError:
            return None
        try:
            receipt = Receipt.model_validate_json(data)
        except ValidationError:
            return None  # as good as none: the stage runs again, and the memo pays
        whole = all(self.files.exists(each.path) for each in receipt.outcome.artifacts.values())
        return receipt.outcome if whole else None

    def write(self, receipt: Receipt) -> Outcome:
        """Create the receipt and return the outcome that holds: an earlier one if there is one."""
        path = _path(receipt.stage, receipt.key)
        if self.files.create(path, receipt.model_dump_json(indent=1).encode()):
            return receipt.outcome
        earlier = self.find(receipt.stage, receipt.key)
        if earlier is not None:
            return earlier
        self.files.write(path, receipt.model_dump_json(indent=1).encode())
        return receipt.outcome


def _path(stage: str, key: str) -> str:
    return f"receipts/{stage}/{key}.json"
