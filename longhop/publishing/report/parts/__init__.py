"""The parts of the page, each made of what the published files say of one question."""
