"""What a command refuses (exit code 1)."""

from __future__ import annotations

PAGES = {
    "already-there": "A file is there already that would have to be replaced, and somebody may have worked in it.",
    "bad-folder": "`--into` names a folder below `sites/`, such as `emea/france`.",
    "below-minimum": "A site cannot be the lighthouse: one of its scores is below the plan's minimum.",
    "branch-exists": "The branch is there already with something else on it. Choose another name, or delete it.",
    "branch-name": "git does not take this as the name of a branch, or it is the one checked out.",
    "broken-sheet": "The spreadsheet is none, or damaged. Export it again.",
    "broken-workbook": "A workbook that rollout exported came back without the sheet or columns it is read by.",
    "cannot-edit": (
        "rollout changes single lines of files that people write, and this file is written in a way it cannot.\n\n"
        "Records stand one on a line, each beginning with `- {`."
    ),
    "conflict": (
        "Somebody changed a text that rollout has to change too.\n\n"
        "`rollout render` puts both into the page between git's markers: keep what is right, and delete the markers."
    ),
    "csv": "A row of the CSV file cannot be read; most often a quote above it is not closed.",
    "duplicate-row": "An item stands twice in the workbook that came back.",
    "earlier-day": "A workbook gives an item a day before the one that is recorded; the recorded one stays.",
    "empty-sheet": "The sheet is empty: its first row names the columns.",
    "goes-later": "A site cannot be the lighthouse: the plan lets it wait for others.",
    "gone-live": "The site is live, and what happened stays.",
    "halted": (
        "The programme is halted, so nothing is planned anew.\n\n"
        "Every open halt is named with its line, and what is in flight. Once it is decided, record it: "
        "`rollout record --plan-level resume ID`."
    ),
    "left-as-it-is": "`fmt` would have to put an alias before its anchor, so the file stays as it is.",
    "locked-sheet": "The workbook has a password. Save it without one.",
    "no-day": "The site has no go-live day that could be moved.",
    "no-file": "There is no such records file.",
    "no-folder": "The folder named with `-C` is none.",
    "no-name": "Nothing in the sheet names the sites. Say which column does: `--map name=COLUMN`.",
    "no-plan": "The sheet holds a plan (days or waves), and there is none yet that it could go to.",
    "no-portfolio": "There is no `waves/_portfolio.yaml`, so there is nothing to rank.",
    "no-programme": "Neither this folder nor one above it has `sites/` and `waves/`. `rollout init DIR` makes one.",
    "no-rule": "There is no such code. `rollout rules` lists all.",
    "no-schedule": "There are no dates yet. `rollout plan` finds them.",
    "no-set": "`--set` cannot say what ids are made from: `--id-from COLUMN` does.",
    "no-sheet": "There is no such file.",
    "no-sites": "The plan covers no site. Bring some with `rollout import`, or widen `sites`.",
    "no-sponsor": "A site cannot be the lighthouse: nobody sponsors it.",
    "no-state": "A row of the workbook has a day or a name, and no state.",
    "not-a-file": "This is a folder; name the file in it.",
    "not-a-folder": "A folder is wanted where a file stands.",
    "not-alone": "A site cannot be the lighthouse: the plan lets it go together with others.",
    "not-assessed": "A site cannot be the lighthouse: its readiness was never assessed in full.",
    "not-in-plan": "The site exists, and this plan is not about it. Name another plan with `--plan`.",
    "not-in-wave": "The gate decides about a wave that the site is not in.",
    "not-ours": "`fmt` knows the files of a programme, and this is none of them.",
    "not-text": "The file is no text: export the sheet as CSV in UTF-8, or as .xlsx.",
    "one-sheet": "A CSV file is one sheet, so `--sheet` has nothing to choose.",
    "ruled-out": "A site cannot be the lighthouse: `lighthouse_fit: {never: …}` of the plan says why.",
    "stale-assessment": "A site cannot be the lighthouse: its readiness was assessed too long ago.",
    "taken-back": "A workbook takes a state back that is recorded. What is recorded stays; correct its line by hand.",
    "typed-digest": "What an approval binds is worked out, never typed. Name the sites only: `--sites a,b`.",
    "uncommitted": (
        "Something is not committed that the publication rests on, so it could not be made again.\n\n"
        "Commit it first: `git add sites waves templates && git commit`."
    ),
    "unknown-column": "The sheet has no column of that name.",
    "unknown-kind": "There is no such kind of file. `rollout schema` lists them.",
    "unknown-owner": "Nobody in the plan is called that: a name as the pages have it, an e-mail address, or a role.",
    "unknown-sheet": "rollout reads .csv, .tsv, .xlsx, .xls and .ods; a workbook has the sheet that `--sheet` names.",
    "unknown-wave": "The published dates have no such wave.",
    "unplaced": (
        "Sites have no day, so nothing is published.\n\n"
        "`rollout plan` says of each why, and which lines stand against it."
    ),
    "which-plan": "There are several plans. Name one with `--plan`.",
    "wrong-record": "The words do not make a record of that kind. `rollout record` lists kinds and options.",
    "wrong-usage": "The question is not written as `rollout whatif` reads it. `rollout whatif --help` shows how.",
}
