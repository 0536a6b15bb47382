"""The command as a person meets it: words in; exit code, answer and complaints out."""

import json
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from doudi.cli import app


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    def json(self):
        return json.loads(self.out)

    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]


def doudi(*words):
    """Runs `doudi` with these words."""
    answered = CliRunner().invoke(app, [str(word) for word in words])
    return Answer(answered.exit_code, answered.stdout, answered.stderr)


def assert_refused(answer, *words, code=1):
    """One Chinese sentence with these words on standard error, nothing on standard output, no traceback."""
    assert answer.code == code, (answer.out, answer.err)
    assert answer.out == ""
    assert "Traceback" not in answer.err
    assert len(answer.err.strip().splitlines()) == 1, answer.err
    for word in words:
        assert word in answer.err


def written(folder, name, text, encoding="utf-8"):
    path = Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path
