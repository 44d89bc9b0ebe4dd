"""Policies: which documents are asked about next, behind one interface."""
