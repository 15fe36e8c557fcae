"""A branch to a remote, as the user's git is set up to do it, and why it did not get there."""

from __future__ import annotations

import re

from rollout.problem import did_you_mean, environment
from rollout.repository.find import Repository
from rollout.repository.running import WRITING, Answer, run, words_of

_SECRET = re.compile(r"(?<=://)[^/\s']+@")
"""Up to the last @ before the path: a password may have one of its own."""


def remote_of(repository: Repository, name: str | None = None) -> str:
    """The remote of this name; without one where the branch checked out is pushed to, else origin, else the only one.

    RolloutError (exit code 3) where there is none, or no way to tell which.
    """
    known = repository.must("remote").decode(errors="surrogateescape").split("\n")[:-1]
    listed = ", ".join(known)
    if name is not None:
        if name in known:
            return name
        hint = did_you_mean(name, known) or (f"there is {listed}" if known else _ADD)
        raise environment("no-remote", f'there is no remote "{name}" to push to', hint)
    branch = repository.branch()
    if branch is not None:
        form = "--format=%(push:remotename)"
        own = repository.must("for-each-ref", form, "--", f"refs/heads/{branch}").decode(errors="surrogateescape")
        if own.strip() not in ("", "."):  # a dot is this repository itself
            return own.strip()
    if "origin" in known:
        return "origin"
    if len(known) == 1:
        return known[0]
    if known:
        raise environment("no-remote", f"there are several remotes: {listed}", "name one with --remote")
    raise environment("no-remote", "this repository has no remote to push to", _ADD)


_ADD = "add one with `git remote add origin URL`"


def url_of(repository: Repository, remote: str) -> str:
    """Where a remote is pushed to, without a password or token that may stand in it."""
    answer = run(repository.root, "remote", "get-url", "--push", "--", remote)
    return _SECRET.sub("", (remote if answer.status else answer.text).split("\n")[0])


def push(repository: Repository, branch: str, remote: str) -> None:
    """Push a branch under its own name, never by force, and remember the remote as its upstream.

    Hooks and credential helpers run as configured; nobody is asked for a password. RolloutError (exit code 3) when it
    did not arrive; the branch stays here.
    """
    ref = f"refs/heads/{branch}"
    words = ("push", "--porcelain", "--set-upstream", "--no-force", "--no-follow-tags", "--")
    answer = run(repository.root, *words, remote, f"{ref}:{ref}", env=WRITING)
    if not answer.status:
        return
    code, why, then = _why(answer)
    kept = f"the branch {branch} is committed here but did not reach {remote}"
    again = f"`git push -u {remote} {branch}`, or the same `rollout publish --branch {branch} --push` again"
    raise environment(code, f"{kept}: {why}", f"{then}, then {again}")


def _why(answer: Answer) -> tuple[str, str, str]:
    """Code, reason, and what to do first."""
    said = _SECRET.sub("", words_of(answer))
    row = re.search(rb"^!\t[^\t]*\t\[([^\]]*)\](?: \((.*)\))?$", answer.out, re.MULTILINE)
    if row is not None:
        reason = (row[2] or row[1]).decode(errors="replace")
        if row[1] == b"rejected":
            other = "the remote has a branch of this name with other commits"
            return "push-rejected", f"{other} ({reason})", "publish under another name, or delete that one there"
        told = " ".join(re.findall(r"^remote: ?(.*\S)", answer.err, re.MULTILINE))
        return (
            "push-rejected",
            f"the remote refused it ({reason})" + (f": {told}" if told else ""),
            "mend what it names",
        )
    if "failed to push some refs" in answer.err:
        return "hook-failed", f"a hook of this repository refused it: {said}", "mend what the hook names"
    if re.search(r"terminal prompts disabled|could not read (Username|Password)|Authentication failed", answer.err):
        return (
            "push-login",
            "the remote wants a login, and git has none stored",
            "let git log in once (`git push` asks)",
        )
    if re.search(r"Permission denied|error: 40[13]|Host key verification failed", answer.err):
        return "push-login", f"the remote does not let you in: {said}", "check your key or token"
    return "push-failed", said, "check the remote's address (`git remote -v`) and the network"
