"""The same sites as others would keep them, and how each is told to read them all.

yamllint and check-jsonschema read the very files; the first looks for slips of YAML, the second for what our own JSON
Schema forbids. ansible keeps a host's variables in a file of its own, as we do; nornir's own inventory is one file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.measure import PYTHON, ROLLOUT, ROOT, Cost, cost
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
        # By another process: whoever measures stays small (see AS_OF in measure.py).
        cost(PYTHON, "-m", "benchmarks.loading.others", root, place, at=ROOT)

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


def inventories(files: list[Path], place: Path) -> None:
    """The sites as nornir and as ansible would keep them."""
    variables = place / "ansible/host_vars"
    variables.mkdir(parents=True)
    (place / "ansible.cfg").write_text("[defaults]\n", encoding="utf-8")
    (place / "ansible/hosts").write_text("".join(f"{file.stem}\n" for file in files), encoding="utf-8")
    with (place / "hosts.yaml").open("w", encoding="utf-8") as hosts:
        for file in files:
            text = file.read_text(encoding="utf-8")
            (variables / file.name).write_text(text, encoding="utf-8")
            hosts.write(f"{file.stem}:\n  data:\n" + "".join(f"    {line}\n" for line in text.splitlines()))


if __name__ == "__main__":
    inventories(sorted(Path(sys.argv[1], "sites").glob("s*.yaml")), Path(sys.argv[2]))
