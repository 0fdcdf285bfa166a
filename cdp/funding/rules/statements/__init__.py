"""Bank statements read into lines, whatever the bank sends: camt, MT940, CSV, spreadsheets, archives of them.

``reading.read`` finds out which; one module for each format; ``fingerprints`` tells lines apart. Liberal in
what can be read, strict in what is not known: a doubtful amount is an error with its place, never a zero.
"""
