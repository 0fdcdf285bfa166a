"""The roll and the urn: who may vote and whether they did; what was voted. Nothing leads from one to the other.

**Apart.** ``roll_entry`` and ``voting_code`` say *that* somebody, or a printed code, has voted. ``vote`` holds
*what* was voted and no more: no person, code, batch, place, class, channel, moment or number in a row. Classes of
the turnout are counters (``turnout_count``), one for each answer, never crossed, so that "a woman over sixty from
Tirsal" is nowhere written. Casting writes no audit line and sends no letter.

**Order.** The key of a vote is drawn at random, not counted up. On SQLite the table is ``WITHOUT ROWID``: rows lie
in the order of that random key. On PostgreSQL a row tells its transaction (``xmin``) and lies where it was written
(``ctid``); so each act of voting rewrites, in its own transaction, its row together with seven others drawn at
random, in the urn, on the roll and among the codes; the worker (every half hour) and the close write the whole urn
anew in random order within one transaction. After that all votes have one ``xmin`` and a random ``ctid``.

**Changing a vote until the close.** A voter holds a secret: the printed code, or a change code that is shown once
with the receipt. The vote carries ``locator``, an HMAC-SHA256 of that secret under the ballot's own key
(``ballot_key``). Only who brings the secret finds the vote. Secrets have 69 bits: no list of them can be tried.
At the close locators and receipts are taken off the votes and the key is destroyed: nothing finds a vote any more.

**What this costs, and what it does not give.**

- Who loses the secret cannot change their vote; the roll says they have voted, nobody can take it back.
- Until the close, who has the secret (or the receipt) *and* the database can find that vote; so a printed code is
  handed out from a shuffled pile, without writing down to whom, and the office cannot print it twice. Somebody can be
  made to vote under another's eyes; changing the vote later, alone, is the remedy, and the reason for it.
- The receipt proves that a vote under it is in the urn, not what it says: it can be sold to nobody. Only counts
  (as many receipts as votes, as many as the roll has ticks) bind the contents.
- It holds against a copy of the database at any one time, backups after a shuffle included. It does not hold against
  somebody who keeps watching: who reads every transaction as it comes (the write-ahead log, a replica, two copies
  between which one person voted), who changes the program, or who looks over a shoulder. Logs and backups taken
  while a ballot is open are to be kept as closed as the urn, and thrown away after the close; dead rows on
  PostgreSQL go with the next ``VACUUM``.
"""

import secrets
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cdp.priorities.states import RollSource, TurnoutFacet, VoteChannel
from cdp.store.base import Base
from cdp.store.types import Document, choice, not_negative


def drawn() -> int:
    """A key that tells nothing: 62 random bits."""
    return secrets.randbits(62)


class RollEntry(Base):
    """Somebody who may vote once; ``taken`` says by which way they did, never when."""

    __tablename__ = "roll_entry"
    __table_args__ = (
        UniqueConstraint("ballot_id", "person_id"),
        Index("ix_roll_entry_name", "ballot_id", "sort_key", "id"),
        Index("ix_roll_entry_mix", "ballot_id", "mix"),
        CheckConstraint("struck_because = '' OR taken IS NULL", name="who_has_voted_stays"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    source: Mapped[RollSource] = mapped_column(choice(RollSource))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[str] = mapped_column(String(120))
    locality_id: Mapped[int | None] = mapped_column(ForeignKey("locality.id"))
    taken: Mapped[VoteChannel | None] = mapped_column(choice(VoteChannel))
    struck_because: Mapped[str] = mapped_column(Text, default="")
    mix: Mapped[int] = mapped_column(BigInteger, default=drawn)


class CodeBatch(Base):
    """Codes printed together for a place; the codes themselves are kept nowhere."""

    __tablename__ = "code_batch"
    __table_args__ = (Index("ix_code_batch_ballot", "ballot_id", "id"), UniqueConstraint("idempotency_key"))

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    label: Mapped[str] = mapped_column(String(80))
    locality_id: Mapped[int | None] = mapped_column(ForeignKey("locality.id"))
    size: Mapped[int]
    is_test: Mapped[bool] = mapped_column(Boolean(name="is_test_is_bool"), default=False)
    void_because: Mapped[str] = mapped_column(Text, default="")
    idempotency_key: Mapped[str | None] = mapped_column(String(64))


class VotingCode(Base):
    """The hash of a printed code, and whether it has voted."""

    __tablename__ = "voting_code"
    __table_args__ = (
        UniqueConstraint("ballot_id", "code_hash"),
        Index("ix_voting_code_mix", "ballot_id", "mix"),
        Index("ix_voting_code_batch", "batch_id"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("code_batch.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    is_used: Mapped[bool] = mapped_column(Boolean(name="is_used_is_bool"), default=False)
    is_void: Mapped[bool] = mapped_column(Boolean(name="is_void_is_bool"), default=False)
    mix: Mapped[int] = mapped_column(BigInteger, default=drawn)


class Vote(Base):
    """What was voted. See the head of this file for all that is not here, and why; its migration leaves out row ids."""

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("ballot_id", "locator"),
        Index("ix_vote_ballot", "ballot_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=drawn)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    content: Mapped[Any] = mapped_column(Document)
    locator: Mapped[str | None] = mapped_column(String(64))
    receipt_hash: Mapped[str | None] = mapped_column(String(64))


class TurnoutCount(Base):
    """How many voters gave one answer; in sixteen parts, so that voters do not wait for one another."""

    __tablename__ = "turnout_count"
    __table_args__ = (UniqueConstraint("ballot_id", "facet", "value", "part"), not_negative("count"))

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    facet: Mapped[TurnoutFacet] = mapped_column(choice(TurnoutFacet))
    value: Mapped[str] = mapped_column(String(40))
    part: Mapped[int]
    count: Mapped[int] = mapped_column(default=0)
