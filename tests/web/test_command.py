"""``digitdesk serve`` as one starts it: it says the address, answers, and ends with Ctrl-C."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("flask", reason="flask is not installed here")
pytest.importorskip("waitress", reason="waitress is not installed here")


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise there")
def test_it_answers_until_it_is_interrupted(tmp_path: Path) -> None:
    environ = os.environ | {"DIGITDESK_HOME": str(tmp_path)}
    words = [sys.executable, "-m", "digitdesk", "serve", "--port", "0"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        said = process.stdout.readline()
        found = re.match(r"DigitDesk answers at http://127\.0\.0\.1:(\d+)/ ", said)
        assert found, said + process.stderr.read()
        line = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=60)
        one = {"strokes": [[[140, 30], [138, 140], [139, 250]]]}
        line.request("POST", "/api/predict", json.dumps(one), {"Content-Type": "application/json"})
        answer = json.loads(line.getresponse().read())
        assert answer["predictions"][0]["label"] == "1"
        line.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert process.stdout.read() == "Stopped.\n"
        log = process.stderr.read()
        assert "POST /api/predict 200" in log and "140" not in log
