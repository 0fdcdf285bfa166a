"""Stage 1: territory. Regions, provinces, the 1,503 communes and their douars.

Ground: Organic Law 113-14 (communes); codes, names and census figures by HCP (RGPH 2014, 2024).
"""
