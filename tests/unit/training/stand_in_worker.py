"""A worker that trains nothing: it does what the plan's data settings say, so that the registry is tested alone."""

import json
import os
import signal
import sys
from pathlib import Path

from dashboard.training.plan import TrainingPlan
from dashboard.training.reports import EpochReport

FOLDER = Path(sys.argv[1])


def say(**message):
    print(json.dumps(message), flush=True)


def leave(name, content=""):
    path = FOLDER / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")


def end(state, message=""):
    say(kind="ended", state=state, message=message)
    sys.exit(0)


def main():
    settings = TrainingPlan.from_json((FOLDER / "plan.json").read_text(encoding="utf-8")).data.settings
    if "--collect" in sys.argv:
        leave("collected")
        end("stopped")
    signal.signal(signal.SIGTERM, signal.SIG_IGN if settings.get("deaf") else lambda *_: end("stopped", "Stopped."))
    leave("pid", str(os.getpid()))
    say(kind="prepared", parameter_count=7, device="CPU", notices=["A notice."])
    for epoch in range(settings.get("epochs", 0)):
        report = EpochReport(0, 0, 1, epoch, settings["epochs"], 0.1, 0.001, "CPU", ())
        say(kind="report", report=report.to_plain())
        say(kind="progress", done=epoch + 1, total=settings["epochs"])
        leave(f"checkpoints/{epoch}")
    act = settings.get("act", "finish")
    if act == "raise":
        raise RuntimeError(f"no room in {FOLDER}/data.bin")
    if act == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if act == "wait":
        sys.stdin.buffer.read()  # until the server is gone
        leave("orphaned")
        return
    end("finished")


if __name__ == "__main__":
    main()
