"""Auditing: what can be said of any data set of long-context questions, whoever made it.

`layouts` reads a row of any known form as questions with their contexts, `measuring` measures one
of them, `totals` knows what only all of them together can tell, `summing` counts.
"""
