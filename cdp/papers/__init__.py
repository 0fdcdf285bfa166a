"""The path on paper: the legal calendar of a round as editable data, the papers made from it, their signed scans.

Organic Law 113-14, articles 78-82 and 116-120; Decree 2-16-301 of 29 June 2016. Every deadline is a row with its
article and whether a lawyer has read it. Uses rounds, people, communes.
"""
