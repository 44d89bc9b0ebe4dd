"""LongHop turns a corpus of documents into a verified long-context, multi-hop dataset."""

__version__ = "0.2.0.dev3"
