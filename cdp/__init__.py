"""Communal development plans that people make together: the map of the house.

A line may import any line below it, never above; doors never import ``models``::

    cli                                  terminal
    app                                  create_app
    web | api                            pages | JSON
    jobs                                 what runs outside a request
    http                                 one request: its session, its actor, its headers
    exports                              sheets in, bytes out
    transparency                         stage 13: what the public may see
    conduct                              stage 12: the round as a whole
    delivery                             stage 11: works and milestones
    funding                              stage 10: pledges, agreements, the ledger
    programme                            stage 9: the multi-year plan and its versions
    priorities                           stage 8: criteria, marks, ballots, counting rules
    review                               stage 7: eligibility, costing
    teams                                stage 6: who stands behind a project, and until when
    proposals                            stage 5: what people ask for
    meetings                             stage 4: meetings, attendance in classes, the diagnosis
    papers                               official papers and the editable legal calendar
    rounds                               stage 3: planning rounds, phases, charter
    notices                              common room: the outbox
    people                               stage 2: persons, groups, mandates, Actor
    communes                             stage 1: territory
    store                                SQLAlchemy bricks
    i18n                                 languages
    kernel                               bricks: standard library only
    (config, tables: outside the order; tables imports every models module)

The order is a contract in ``pyproject.toml``. Inside a stage the same six files:
``services`` (writes) > ``queries`` (reads) > ``policy`` > ``models`` > ``rules`` > ``states``.
A stage that has nothing to hold yet does not exist: ``talk`` comes into being with its first table.
"""

from os import environ

environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the threads of numpy's sums wait for one another longer than they add

__version__ = "0.1.0"
