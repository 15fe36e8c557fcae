"""One comment a pull request, kept up to date, whatever text the branch's run has left."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

KIT = Path(__file__).parents[2] / "docs/ci"
MARKER = "<!-- rollout-review -->"
HOSTILE = f"/merge\n@acme/all {MARKER}\r\n\x1b[31m\u202e\n"
# What GitHub's own script step gives to the script, with answers from a file.
RUNNER = """
const { script, context, pulls, comments } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const said = [];
const call = (name) => async (given) => { said.push([name, given]); return { data: {} }; };
const github = {
  rest: {
    pulls: { list: 'pulls' },
    issues: { listComments: 'comments', updateComment: call('update'), createComment: call('create') },
  },
  paginate: async (what, given) => { said.push([what, given]); return { pulls, comments }[what]; },
};
const core = { notice: (text) => said.push(['notice', text]) };
const AsyncFunction = (async () => {}).constructor;
new AsyncFunction('github', 'context', 'core', 'require', script)(github, context, core, require)
  .then(() => console.log(JSON.stringify(said)));
"""
PULL = {"number": 7, "head": {"sha": "a" * 40, "repo": {"id": 5}}}
BOT = {"login": "github-actions[bot]"}


def comment(folder: Path, pulls: list[dict], comments: list[dict]) -> list[list]:
    """The calls of the script in the comment's workflow."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: the script that comments was not run")
    job = yaml.safe_load((KIT / "github-comment.yml").read_text(encoding="utf-8"))["jobs"]["comment"]
    run = {
        "head_sha": "a" * 40,
        "head_branch": "$(touch x)",
        "head_repository": {"id": 5, "owner": {"login": "fork"}},
        "html_url": "https://git.example.com/run/1",
    }
    context = {"payload": {"workflow_run": run}, "repo": {"owner": "acme", "repo": "programme"}}
    given = {"script": job["steps"][-1]["with"]["script"], "context": context, "pulls": pulls, "comments": comments}
    done = subprocess.run(
        [node, "-e", RUNNER],
        input=json.dumps(given),
        env={"PATH": os.environ["PATH"], "FOLDER": str(folder)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_github_has_one_comment_found_by_its_marker_and_author(tmp_path: Path) -> None:
    (tmp_path / "comment.md").write_text(HOSTILE, encoding="utf-8", newline="")
    others = [{"id": 1, "user": {"login": "mallory"}, "body": MARKER}, {"id": 2, "user": BOT, "body": f"hm {MARKER}"}]
    asked, listed, made = comment(tmp_path, [PULL], others)
    assert asked[1]["head"] == "fork:$(touch x)"
    assert listed[1]["issue_number"] == 7
    assert made[0] == "create"
    assert made[1]["issue_number"] == 7
    body = made[1]["body"]
    assert body.startswith(MARKER + "\n")
    assert "a" * 40 in body
    assert "@acme" not in body
    assert not {"\x1b", "\u202e", "\r"} & set(body)
    again = comment(tmp_path, [PULL], [*others, {"id": 3, "user": BOT, "body": body}])[-1]
    assert (again[0], again[1]["comment_id"], again[1]["body"]) == ("update", 3, body)


def test_github_keeps_within_its_limit_and_counts_the_rest(tmp_path: Path) -> None:
    (tmp_path / "comment.md").write_text("\N{ROCKET}" * 60_000, encoding="utf-8")
    body = comment(tmp_path, [PULL], [])[-1][1]["body"]
    assert len(body.encode("utf-16-le")) // 2 <= 65_536
    assert "more characters, left out." in body


@pytest.mark.parametrize(
    "pulls",
    [
        [],
        [{**PULL, "head": {**PULL["head"], "sha": "b" * 40}}],
        [{**PULL, "head": {**PULL["head"], "repo": {"id": 6}}}],
        [PULL, {**PULL, "number": 8}],
    ],
    ids=["none", "newer-commit", "other-repository", "two"],
)
def test_github_says_nothing_where_the_pull_request_is_not_certain(tmp_path: Path, pulls: list[dict]) -> None:
    (tmp_path / "comment.md").write_text("7\n", encoding="utf-8")
    said = comment(tmp_path, pulls, [])
    assert [name for name, _ in said] == ["pulls", "notice"]


def test_github_starts_no_comment_for_nothing_and_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "comment.md").write_text("no change\n", encoding="utf-8")
    (tmp_path / "quiet").touch()
    assert [name for name, _ in comment(tmp_path, [PULL], [])] == ["pulls", "comments"]
    (tmp_path / "comment.md").unlink()
    (tmp_path / "comment.md").symlink_to("/etc/hostname")
    assert [name for name, _ in comment(tmp_path, [PULL], [])] == ["notice"]


@pytest.fixture
def gitlab() -> Iterator[ThreadingHTTPServer]:
    """A server that knows notes of one merge request; what it was told is in `told`."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.server.told.append((self.command, self.path, json.loads(body or b"null")))
            assert self.headers["PRIVATE-TOKEN"] == "glpat-x"
            moved = self.server.moved and self.path == "/api/v4/user"
            if moved:
                answer = b""
            elif self.path == "/api/v4/user":
                answer = b'{"id": 4}'
            elif self.command == "GET":
                # 100 notes on the first page, ours among the second.
                page = int(self.path.rpartition("=")[2])
                answer = json.dumps(self.server.notes[100 * (page - 1) : 100 * page]).encode()
            else:
                answer = b"{}"
            self.send_response(302 if moved else 200)
            if moved:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PUT = _answer

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.told, server.notes, server.moved = [], [], False  # type: ignore[attr-defined]  # for the handler
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def note(folder: Path, server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI_API_V4_URL", f"http://127.0.0.1:{server.server_address[1]}/api/v4")
    monkeypatch.setenv("CI_PROJECT_ID", "12")
    monkeypatch.setenv("CI_MERGE_REQUEST_IID", "7")
    monkeypatch.setenv("ROLLOUT_NOTE_TOKEN", "glpat-x")
    monkeypatch.setattr(sys, "argv", ["note.py", str(folder)])
    runpy.run_path(str(KIT / "note.py"), run_name="__main__")


def test_gitlab_has_one_note(tmp_path: Path, gitlab: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "comment.md").write_text(HOSTILE + "  /close\n> /approve\n", encoding="utf-8", newline="")
    note(tmp_path, gitlab, monkeypatch)
    method, path, data = gitlab.told[-1]
    assert (method, path) == ("POST", "/api/v4/projects/12/merge_requests/7/notes")
    assert data["body"].startswith(f"{MARKER}\n\\/merge\n")
    assert not any(line.lstrip(" >").startswith("/") for line in data["body"].splitlines())
    assert "@acme" not in data["body"]
    assert not {"\x1b", "\u202e", "\r"} & set(data["body"])

    foreign = {"id": 1, "author": {"id": 9}, "system": False, "body": MARKER}
    gitlab.notes = [foreign] * 100 + [{**foreign, "id": 2, "author": {"id": 4}}]
    (tmp_path / "quiet").touch()
    note(tmp_path, gitlab, monkeypatch)
    assert gitlab.told[-1][:2] == ("PUT", "/api/v4/projects/12/merge_requests/7/notes/2")
    # Nothing to say, and nothing said before.
    gitlab.notes = []
    note(tmp_path, gitlab, monkeypatch)
    assert gitlab.told[-1][0] == "GET"


def test_the_token_follows_no_redirect(
    tmp_path: Path, gitlab: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "comment.md").write_text("text\n", encoding="utf-8")
    gitlab.moved = True
    with pytest.raises(OSError, match="302"):
        note(tmp_path, gitlab, monkeypatch)
    assert [path for _, path, _ in gitlab.told] == ["/api/v4/user"]
