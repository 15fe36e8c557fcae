"""What is wrong with a file before any rule can look at it. All are errors, and none can be switched off."""

from __future__ import annotations

PAGES = {
    "yaml": """\
This file is not YAML, from this place on.

Most often a bracket or quote is not closed, a colon lacks its space, or a line stands too far left or right.

Bad:

    # sites/lyon.yaml
    name: Lyon
    country: FR
    languages: [fr, en

Good:

    # sites/lyon.yaml
    name: Lyon
    country: FR
    languages: [fr, en]
""",
    "duplicate-key": """\
A key stands once in its mapping; of two, one would be lost without a word.

Bad:

    # sites/lyon.yaml
    name: Lyon
    country: FR
    name: Lyon Coatings

Good:

    # sites/lyon.yaml
    name: Lyon Coatings
    country: FR
""",
    "merge-key": """\
YAML's merge keys (`<<`) are not used: what sites share stands in a `_defaults.yaml`.

Bad:

    # sites/lyon.yaml
    name: Lyon
    country: FR
    labels: &shared {line: wet}
    sponsor: {<<: *shared}

Good:

    # sites/_defaults.yaml
    labels: {line: wet}
""",
    "tag": """\
YAML's tags (`!!python/object`, `!include`) are not used, and nothing they ask for is done.

Bad:

    # sites/lyon.yaml
    name: !!str Lyon
    country: FR

Good:

    # sites/lyon.yaml
    name: Lyon
    country: FR
""",
    "key-not-text": """\
A key is a plain text.

Bad:

    # sites/lyon.yaml
    name: Lyon
    country: FR
    labels: {[wet, dry]: 2}

Good:

    # sites/lyon.yaml
    name: Lyon
    country: FR
    labels: {"[wet, dry]": 2}
""",
    "unknown-alias": """\
An alias (`*name`) stands for what was anchored (`&name`) above it in the same file.

Bad:

    # sites/lyon.yaml
    name: Lyon
    country: FR
    labels: *shared

Good:

    # sites/lyon.yaml
    name: Lyon
    country: FR
    labels: {line: wet}
""",
    "alias-expansion": """\
Aliases of aliases stand for more values than any programme has.

Such a file is a few lines long and would fill the memory. Write the values out, or put them into a `_defaults.yaml`.
""",
    "second-document": """\
A file is one YAML document; a line `---` in the middle begins another.

Bad:

    # sites/lyon.yaml
    name: Lyon
    country: FR
    ---
    name: Graz

Good:

    # sites/lyon.yaml
    name: Lyon
    country: FR
""",
    "too-deep": """\
No value is nested this deep: the file was made to break what reads it, or a bracket was typed many times.
""",
    "too-large": """\
A file that people write has at most 5 MB, one that rollout writes 50 MB, a spreadsheet a few more.

Split it: sites stand in files of their own, texts in `content/`.
""",
    "too-many-values": """\
A file holds more values than any programme has. Split it.
""",
    "not-utf8": """\
Files are written in UTF-8.

This one holds bytes that are none, as Latin-1 and Windows-1252 do for every accent. Open it in its own encoding and
save it as UTF-8.
""",
    "unseen-character": """\
A control character, or another that nobody sees and that turns, hides or breaks what is seen, stands in the file.

What people read in a review would not be what rollout reads. Delete it, or type it as an escape in double quotes.
""",
    "wrong-value": """\
A value does not have the form that its key asks for; the message says which.

Bad:

    # sites/lyon.yaml
    name: Lyon
    country: France

Good:

    # sites/lyon.yaml
    name: Lyon
    country: FR
""",
    "unknown-key": """\
A key is one that is known at this place: a misspelt one would silently do nothing.

Bad:

    # sites/lyon.yaml
    name: Lyon
    country: FR
    sponser: {name: Marc Petit}

Good:

    # sites/lyon.yaml
    name: Lyon
    country: FR
    sponsor: {name: Marc Petit}
""",
    "missing-key": """\
A key that is always needed is missing, such as the country of a site: holidays and languages follow from it.

Bad:

    # sites/lyon.yaml
    name: Lyon

Good:

    # sites/lyon.yaml
    name: Lyon
    country: FR
""",
    "unknown-record": """\
A record begins with what it is about: `status`, `item`, `lesson` and so on. `rollout record` lists the kinds.

Bad:

    # waves/vision/records/lyon.yaml
    - {state: preparing, on: 2026-10-06, by: Claire Dubois}

Good:

    # waves/vision/records/lyon.yaml
    - {status: preparing, on: 2026-10-06, by: Claire Dubois}
""",
    "unknown-preset": """\
A plan starts from a preset that comes with rollout, or one in `templates/presets/`.

Bad:

    # waves/vision/plan.yaml
    name: Vision
    preset: factory@1
    work_from: 2026-10-05

Good:

    # waves/vision/plan.yaml
    name: Vision
    preset: manufacturing@1
    work_from: 2026-10-05
""",
    "missing-plan": """\
A folder below `waves/` is a plan, and a plan has a `plan.yaml` with at least `name` and `work_from`.

Bad:

    # waves/vision/plan.yaml
    # to be written

Good:

    # waves/vision/plan.yaml
    name: Vision
    work_from: 2026-10-05
""",
    "unknown-file": """\
Files that begin with `_` have fixed names, a plan is a folder with `plan.yaml`, `schedule.yaml`, `records/` and
`content/`, and records stand in files: this would never be read.

Bad:

    # sites/_default.yaml
    region: emea

Good:

    # sites/_defaults.yaml
    region: emea
""",
    "wrong-extension": """\
Files end in `.yaml`; one that ends in `.yml` would never be read.

Bad:

    # sites/graz.yml
    name: Graz
    country: AT

Good:

    # sites/graz.yaml
    name: Graz
    country: AT
""",
    "bad-id": """\
The name of a site's file and of a plan's folder is its id: up to 64 of `a-z`, `0-9` and dashes inside.

Such a name is the same on every system and in every link. Names that Windows keeps for devices (`con`, `nul`) are out.

Bad:

    # sites/Graz_1.yaml
    name: Graz
    country: AT

Good:

    # sites/graz-1.yaml
    name: Graz
    country: AT
""",
    "duplicate-site": """\
An id names one site, whatever folders its file stands in.

Bad:

    # sites/emea/graz.yaml
    name: Graz
    country: AT
    # sites/other/graz.yaml
    name: Graz 2
    country: AT

Good:

    # sites/emea/graz.yaml
    name: Graz
    country: AT
    # sites/other/graz-2.yaml
    name: Graz 2
    country: AT
""",
    "link-outside": """\
A link that leads out of the programme's folder is not followed: put the file itself here.
""",
    "comment-in-content": """\
Texts in `content/` hold no HTML comments: in the pages those are rollout's own marks.

Bad:

    # waves/vision/content/en/why.md
    Because. <!-- to be discussed -->

Good:

    # waves/vision/content/en/why.md
    Because.
""",
    "merge-markers": """\
Git could not merge this file by itself, and nobody has finished it.

In a records file `rollout fmt` keeps the lines of both sides; in a text keep what is right and delete the markers.
""",
    "catalogue": """\
A catalogue of translations (`templates/locales/LANGUAGE/LC_MESSAGES/documents.po`) cannot be used as it is.

It is no valid `.po` file, has other plural forms than the language, or a translation lacks a placeholder of its text.
""",
    "template": """\
One of the programme's own templates is wrong: it cannot be read, or asks for a name that is not there.

Nothing is rendered then, whichever page it breaks at. What names there are stands in the reference of templates.
""",
}
