"""The same sites as others would keep them, and how each is told to read them all.

yamllint and check-jsonschema read the very files; the first looks for slips of YAML, the second for what our own JSON
Schema forbids. ansible keeps a host's variables in a file of its own, as we do; nornir's own inventory is one file.
"""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.measure import ROLLOUT, Cost, cost
from benchmarks.rivals import tools

INVENTORY = """
import sys
from nornir.plugins.inventory import SimpleInventory
inventory = SimpleInventory(host_file=sys.argv[1], group_file="-", defaults_file="-").load()
assert len(inventory.hosts) == int(sys.argv[2]), len(inventory.hosts)
"""


class Others:
    """Each way reads all sites of a programme once."""

    def __init__(self, root: Path, sites: int, place: Path) -> None:
        self.root, self.sites, self.place = root, sites, place
        self.bin = tools()
        self.files = sorted((root / "sites").glob("s*.yaml"))
        schema = json.loads(cost(*ROLLOUT, "schema", "site", keep=True).said)
        (place / "site.schema.json").write_text(json.dumps(schema), encoding="utf-8")
        self._nornir()
        self._ansible()

    def yamllint(self) -> Cost:
        """Its `relaxed` rules."""
        return cost(self.bin / "yamllint", "-d", "relaxed", "--no-warnings", self.root / "sites", ok=(0, 1))

    def check_jsonschema(self) -> Cost:
        """Our schema of a site."""
        schema = self.place / "site.schema.json"
        return cost(self.bin / "check-jsonschema", "--schemafile", schema, *self.files)

    def nornir(self) -> Cost:
        """Its own inventory plug-in, which checks little."""
        return cost(self.bin / "python", "-c", INVENTORY, self.place / "hosts.yaml", str(self.sites))

    def ansible_inventory(self) -> Cost:
        """A list of hosts, and a file of variables for each."""
        inventory = self.place / "ansible"
        config = {
            "ANSIBLE_CONFIG": str(self.place / "ansible.cfg"),
            "ANSIBLE_LOCALHOST_WARNING": "False",
            "HOME": str(self.place),
        }
        return cost(self.bin / "ansible-inventory", "-i", inventory, "--list", at=self.place, **config)

    def _nornir(self) -> None:
        hosts = [f"{f.stem}:\n  data:\n{_indented(f.read_text(encoding='utf-8'), 4)}" for f in self.files]
        (self.place / "hosts.yaml").write_text("".join(hosts), encoding="utf-8")

    def _ansible(self) -> None:
        variables = self.place / "ansible/host_vars"
        variables.mkdir(parents=True)
        (self.place / "ansible.cfg").write_text("[defaults]\n", encoding="utf-8")
        for file in self.files:
            (variables / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
        (self.place / "ansible/hosts").write_text("".join(f"{f.stem}\n" for f in self.files), encoding="utf-8")


def _indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())
