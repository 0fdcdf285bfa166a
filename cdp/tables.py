"""Every table of the house, so that the metadata is whole (migrations and tests import this)."""

from cdp.communes import models as communes
from cdp.delivery import models as delivery
from cdp.funding import models as funding
from cdp.meetings import models as meetings
from cdp.notices import models as notices
from cdp.papers import models as papers
from cdp.people import models as people
from cdp.priorities import models as priorities
from cdp.programme import models as programme
from cdp.proposals import models as proposals
from cdp.review import models as review
from cdp.rounds import models as rounds
from cdp.store import audit, files, rates
from cdp.store.base import Base
from cdp.teams import models as teams

metadata = Base.metadata

__all__ = [
    "audit",
    "communes",
    "delivery",
    "files",
    "funding",
    "meetings",
    "metadata",
    "notices",
    "papers",
    "people",
    "priorities",
    "programme",
    "proposals",
    "rates",
    "review",
    "rounds",
    "teams",
]
