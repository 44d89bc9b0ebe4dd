"""What people say of rows: a blind sample as a sheet or a page, and their labels read back."""

from longhop.operations.labelling.importing import good_by_row, read_labels
from longhop.operations.labelling.page import write_page
from longhop.operations.labelling.sampling import draw_items
from longhop.operations.labelling.sheet import write_sheet

__all__ = ["draw_items", "good_by_row", "read_labels", "write_page", "write_sheet"]
