"""Keeps one note on a GitLab merge request up to date: `python3 -I note.py FOLDER`, FOLDER as review.sh leaves it.

Needs what GitLab sets in a merge request's job, and ROLLOUT_NOTE_TOKEN, a token that may comment (scope `api`). The
text is a branch's: it is cut, and cannot give orders or call people.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import HTTPRedirectHandler, Request, build_opener

MARKER = "<!-- rollout-review -->"
LIMIT = 65_536
"""Characters; GitLab takes a million, people do not."""
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class _NoRedirect(HTTPRedirectHandler):
    """The token goes to the server it is for and no further."""

    def redirect_request(self, *_args: object) -> None:
        """Follows none; the answer then counts as an error."""


def harmless(text: str) -> str:
    """A text without quick actions (`/merge` at the start of a line), mentions and unseen characters, cut to LIMIT."""
    text = _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))
    text = re.sub(r"(?m)^([ \t>]*)/", r"\1\\/", text)
    text = re.sub(r"@(?=\w)", "@\N{ZERO WIDTH SPACE}", text)
    if len(text) > LIMIT:
        text = f"{text[:LIMIT]}\n\nAnd {len(text) - LIMIT} more characters, left out."
    return text


class MergeRequest:
    """A merge request as the API of its server has it."""

    def __init__(self, server: str, project: int, number: int, token: str) -> None:
        self._server = server.rstrip("/")
        self._notes = f"projects/{project}/merge_requests/{number}/notes"
        self._token = token
        self._opener = build_opener(_NoRedirect)

    def mine(self) -> int | None:
        """The id of the note that an earlier run left here: with our marker, and written with this token."""
        me = self._ask("GET", "user")["id"]
        for note in self._all():
            if note["author"]["id"] == me and not note["system"] and note["body"].startswith(MARKER):
                return int(note["id"])
        return None

    def say(self, body: str, note: int | None) -> None:
        """Writes the note anew, or writes a new one."""
        if note is None:
            self._ask("POST", self._notes, {"body": body})
        else:
            self._ask("PUT", f"{self._notes}/{note}", {"body": body})

    def _all(self) -> Iterator[dict]:
        for page in range(1, 101):
            notes = self._ask("GET", f"{self._notes}?sort=asc&per_page=100&page={page}")
            yield from notes
            if len(notes) < 100:
                return

    def _ask(self, method: str, path: str, data: dict | None = None) -> dict:
        body = None if data is None else json.dumps(data).encode()
        headers = {"PRIVATE-TOKEN": self._token, "Content-Type": "application/json"}
        # The address is GitLab's own word for itself (CI_API_V4_URL).
        request = Request(f"{self._server}/{path}", body, headers, method=method)  # noqa: S310
        with self._opener.open(request, timeout=30) as answer:
            return json.load(answer)


def main() -> None:
    """Reads what the review left, and says it on the merge request."""
    folder = Path(sys.argv[1])
    text = folder / "comment.md"
    if text.is_symlink() or not text.is_file() or text.stat().st_size > 4 * LIMIT:
        sys.stderr.write("there is no note to write\n")
        return
    project, number = int(os.environ["CI_PROJECT_ID"]), int(os.environ["CI_MERGE_REQUEST_IID"])
    request = MergeRequest(os.environ["CI_API_V4_URL"], project, number, os.environ["ROLLOUT_NOTE_TOKEN"])
    note = request.mine()
    if note is not None or not (folder / "quiet").exists():
        request.say(f"{MARKER}\n{harmless(text.read_text(encoding='utf-8', errors='replace'))}", note)


if __name__ == "__main__":
    main()
