"""Counting rules: an election and its terms go in, an outcome with its trace comes out.

``election`` holds the values, ``pabulib`` and those named after it read and write them, ``conditions`` and
``ties`` say what limits a choice and what settles a draw, ``register`` lists the rules by name.
Every outcome equals that of rational arithmetic; floats only speed up what is then confirmed exactly.
"""
