"""OC4IDS 0.9: projects with budget by source, finance and payments; people stand there only all together."""

import json
from datetime import UTC, date, datetime, time
from typing import Any

from cdp.exports.money_moves import amount
from cdp.exports.standards import OC4IDS_STATUS, Dossier, commune_ref, party_name, project_ref
from cdp.funding.rules.units import IN_KIND
from cdp.kernel.money import Money
from cdp.rounds.states import Source
from cdp.transparency.sheets import MoveKind, MoveSheet, ProjectSheet

VERSION = "0.9"
SECTORS: dict[str, str] = {
    "water": "waterAndWaste",
    "sanitation": "waterAndWaste",
    "irrigation": "waterAndWaste",
    "roads": "transport.road",
    "education": "education",
    "health": "health",
    "energy": "energy",
    "youth_culture": "cultureSportsAndRecreation",
}
"""projectSector of the standard where a field of action has one."""


def oc4ids_file(dossier: Dossier) -> bytes:
    """The commune's projects as a project package (UTF-8 JSON)."""
    package = {
        "uri": dossier.address or f"urn:{commune_ref(dossier.commune)}:projects",
        "publishedDate": dossier.made_at.isoformat(timespec="seconds"),
        "version": VERSION,
        "publisher": {"name": dossier.commune.name.in_("fr")[0], "uid": commune_ref(dossier.commune)},
        "projects": [_project(dossier, project) for project in dossier.projects],
    }
    return json.dumps(package, ensure_ascii=False, indent=1).encode()


def _project(dossier: Dossier, project: ProjectSheet) -> dict[str, Any]:
    moves = [move for move in dossier.of(project.number) if move.unit not in IN_KIND]
    found: dict[str, Any] = {
        "id": project_ref(dossier.commune, project.number),
        "updated": dossier.made_at.isoformat(timespec="seconds"),
        "title": project.title.in_("fr")[0],
        "status": OC4IDS_STATUS[project.state],
        "period": {"startDate": _moment(date(project.start_year, 1, 1))},
        "budget": _budget(project),
        "parties": _parties(dossier, moves),
        "publicAuthority": {"id": commune_ref(dossier.commune), "name": dossier.commune.name.in_("fr")[0]},
    }
    if sector := SECTORS.get(project.sector):
        found["sector"] = [sector]
    if project.places:
        found["locations"] = [{"id": p.code, "description": p.name.in_("fr")[0]} for p in project.places]
    if payments := [_payment(dossier, move, number) for number, move in enumerate(moves) if move.kind in PAID]:
        found["transactions"] = payments
    if steps := _milestones(project):
        found["milestones"] = steps
    return found


PAID = frozenset({MoveKind.RECEIVED, MoveKind.SPENT, MoveKind.PAID_DIRECT})


def _moment(day: date) -> str:
    return datetime.combine(day, time(), UTC).isoformat()


def _value(sum_: Money) -> dict[str, Any]:
    return {"amount": float(sum_.decimal), "currency": sum_.currency}


def _party_id(source: Source, party: str) -> str:
    return f"{source}:{party}" if party else source.value


def _budget(project: ProjectSheet) -> dict[str, Any]:
    parts = [
        {
            "id": str(number),
            "amount": _value(row.planned or row.received + row.committed + row.pledged),
            "sourceParty": {
                "id": _party_id(row.source, row.party),
                "name": party_name(row).in_("fr")[0],
            },
        }
        for number, row in enumerate(project.money.rows, 1)
    ]
    budget: dict[str, Any] = {"amount": _value(project.money.cost)}
    if parts:
        budget["budgetBreakdowns"] = [{"id": "sources", "description": "Sources", "budgetBreakdown": parts}]
    return budget


def _parties(dossier: Dossier, moves: list[MoveSheet]) -> list[dict[str, Any]]:
    commune = dossier.commune
    found = [{"id": commune_ref(commune), "name": commune.name.in_("fr")[0], "roles": ["publicAuthority", "payee"]}]
    for place, name in {_party_id(move.source, move.party): party_name(move).in_("fr")[0] for move in moves}.items():
        found.append({"id": place, "name": name, "roles": ["funder", "payer"]})
    return found


def _payment(dossier: Dossier, move: MoveSheet, number: int) -> dict[str, Any]:
    """A payment: from a source to the commune, from the commune to a supplier, or from a source straight to one."""
    commune = {"id": commune_ref(dossier.commune), "name": dossier.commune.name.in_("fr")[0]}
    source = {"id": _party_id(move.source, move.party), "name": party_name(move).in_("fr")[0]}
    paid: dict[str, Any] = {
        "id": f"{move.reference}/{number}",
        "date": _moment(move.day),
        "value": {"amount": float(amount(move)), "currency": move.unit},
        "payer": commune if move.kind is MoveKind.SPENT else source,
    }
    return paid | ({"payee": commune} if move.kind is MoveKind.RECEIVED else {})


def _milestones(project: ProjectSheet) -> list[dict[str, Any]]:
    done = project.last_done
    if done is None or done.done_on is None:
        return []
    return [{"id": "last", "title": done.title.in_("fr")[0], "dateMet": _moment(done.done_on), "status": "met"}]
