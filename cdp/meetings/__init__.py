"""Stage 4: meetings and what they say: attendance in classes, needs by douar, strengths and weaknesses, indicators.

Organic Law 113-14, articles 78, 119 and 120; Decree 2-16-301, articles 4, 6 and 7. Uses rounds, people, communes.
"""
