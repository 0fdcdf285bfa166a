"""One request: its database session, its actor, its language, its headers."""

from cdp.people import models as _models  # noqa: F401  # brings Flask-Security without what pages do not need
