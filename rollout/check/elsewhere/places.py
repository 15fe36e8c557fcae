"""What the place that rollout runs in does not allow (exit code 3)."""

from __future__ import annotations

PAGES = {
    "bare-repository": "The repository has no files checked out. Work in a clone of it.",
    "bug": "rollout found a mistake of its own and wrote nothing. Please report it.",
    "changed-meanwhile": "A file changed on disk since it was read. Nothing was written over it; run again.",
    "commit-failed": "git could not make the commit, and says why. Nothing is half-written.",
    "dubious-ownership": "git refuses a repository that belongs to another user, as in containers. The hint trusts it.",
    "git-busy": "Another git process has locked the repository. Wait for it to end.",
    "git-failed": "git cannot read the repository, and says why.",
    "git-in-progress": "A merge, rebase or the like is under way. Finish or abort it first.",
    "hook-failed": "A hook of the repository refused the commit. Mend what it names.",
    "incomplete-installation": "rollout was installed without files that belong to it. Install it again.",
    "is-link": "A file to be written is a link, and rollout does not write through links.",
    "locked": "Another rollout is writing here. Wait for it to end.",
    "missing-extra": "What was asked for needs a package that is an extra; the hint says how to install it.",
    "no-git": "git is not installed, or not found.",
    "no-identity": "git does not know who makes the commit: `git config user.name`, `git config user.email`.",
    "no-lock": "The file system cannot lock a file, so two writers could not be kept apart.",
    "no-repository": "The folder is in no git repository: `git init` makes one.",
    "not-restored": "After a failure something could not be put back as it was. The files are named.",
    "not-unicode": "A page on disk is not UTF-8, so it cannot be merged with. Save it as UTF-8.",
    "not-writable": "A folder or file cannot be written.",
    "other-repository": "A folder belongs to another repository (a submodule), and nothing is written into it.",
    "path-outside": "A path leads out of the programme's folder.",
    "repository-failed": "git could not make a repository, and says why.",
    "unreadable": "A file or folder cannot be read; the system says why.",
}
