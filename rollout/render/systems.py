"""The part of a playbook about a site's systems: declared ones, found ones, and the connector of each."""

from __future__ import annotations

from rollout.model.record import FoundRecord
from rollout.model.schedule import Ready
from rollout.model.standing import SiteStanding
from rollout.render.engine import View
from rollout.render.scene import Scene
from rollout.render.words import day_words


def systems_view(scene: Scene, at: SiteStanding) -> View:
    """The systems a site declared, and those that were found there and nobody declared."""
    found = {record.found: record for record in at.facts.found}
    ready = {prerequisite.id: row for prerequisite, row in at.prerequisites}
    declared = [_system(scene, name, found.get(name), ready.get(f"connector-{name}")) for name in at.site.systems]
    others = [
        _system(scene, name, record, None) for name, record in sorted(found.items()) if name not in at.site.systems
    ]
    return {"systems": declared, "undeclared": others}


def _system(scene: Scene, name: str, found: FoundRecord | None, ready: Ready | None) -> View:
    system = scene.programme.systems.get(name)
    live = system.connector.live_since if system else None
    return {
        "id": name,
        "title": (system.title if system else None) or name,
        "kind": (system.kind if system else found.kind if found else "").upper(),
        "owner": (system.owner if system else None) or "",
        "is_registered": system is not None,
        "live_since": day_words(live) if live else "",
        "team": (system.connector.team if system else None) or "",
        "starts": day_words(ready.starts) if ready else "",
        "ready": day_words(ready.ready) if ready else "",
        "found": _found(found),
    }


def _found(record: FoundRecord | None) -> View | None:
    if record is None:
        return None
    return {"on": day_words(record.on), "by": record.by, "source": record.source or ""}
