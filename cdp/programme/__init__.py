"""Stage 9, the multi-year plan: which project stands in which year, paid by whom (Organic Law 113-14, art. 78-82).

The plan covers six years, the first three in detail; resources and spending are estimated (Decree
2-16-301). The stage uses what stands before it: rounds, proposals, review and priorities.
"""
