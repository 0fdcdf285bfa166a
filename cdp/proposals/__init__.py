"""Stage 5: what residents, groups and the diaspora ask for. One identity for life.

Ground: Organic Law 113-14 art. 119 (mechanisms of dialogue), Decree 2-16-301 art. 7 (diagnosis with the
people). Uses: communes, people, rounds, notices.
"""
