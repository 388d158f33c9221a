"""The command line: the same functions as the app's, without a browser.

Exit status: 0 when the data was read (whatever the check found), 2 when it was not, with one sentence on stderr.
"""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from dashboard.command_options import (
    ClassGroups,
    ClassNames,
    Columns,
    Labels,
    Media,
    Readers,
    Reading,
    Runs,
    ScoreKind,
    Scores,
    absolute,
    named,
    read_or_fail,
    with_groups,
)
from dashboard.compare_command import compare
from dashboard.inputs.check_text import check_text
from dashboard.inputs.input_check import check_predictions
from dashboard.inputs.opened import Opened, write_opened
from dashboard.inputs.sample import SAMPLE_FOLDER
from dashboard.losses_command import losses
from dashboard.outcomes import read_samples
from dashboard.report_command import report
from dashboard.thresholds_command import thresholds
from dashboard.train_command import train

APP = Path(__file__).resolve().parent.parent / "app.py"

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__.split("\n")[0]
)

app.command()(thresholds)
app.command()(losses)
app.command()(compare)
app.command()(train)
app.command()(report)


@app.command()
@with_groups
def check(
    scores: Scores,
    labels: Labels = None,
    score_kind: ScoreKind = None,
    *,
    reading: Reading,
    class_names: ClassNames = None,
) -> None:
    """Read scores and labels and print what they hold and what looks odd."""
    dataset = read_samples(scores, labels, None, score_kind, class_names, options=reading.read_options())
    typer.echo(check_text(dataset, check_predictions(dataset.first_run)))


@app.command("open")
@with_groups
def open_app(
    scores: Scores,
    labels: Labels = None,
    score_kind: ScoreKind = None,
    columns: Columns = None,
    reader: Readers = None,
    run: Runs = None,
    class_names: ClassNames = None,
    class_groups: ClassGroups = None,
    *,
    reading: Reading,
    media: Media = None,
    port: Annotated[int | None, typer.Option(help="Port of the app; Streamlit's own choice if left out.")] = None,
    host: Annotated[
        str, typer.Option(help="Address to serve on; 0.0.0.0 shows the data to the network.")
    ] = "localhost",
    headless: Annotated[bool, typer.Option("--headless", help="Do not open a browser.")] = False,
) -> None:
    """Check local files, then start the app with them on screen."""
    runs, readers = named([scores, *(run or [])]), named(reader or [])
    opened = Opened(
        runs,
        absolute(labels),
        score_kind,
        absolute(columns),
        readers,
        absolute(class_names),
        absolute(class_groups),
        reading.read_options(),
        absolute(media),
    )
    read_or_fail(opened)
    with tempfile.TemporaryDirectory() as folder:
        variable = write_opened(opened, Path(folder) / "opened.json")
        raise typer.Exit(_start_app(variable, host, port, headless))


def _start_app(variable, host, port, headless):
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.address", host]
    command += ["--server.port", str(port)] if port is not None else []
    command += ["--server.headless", "true"] if headless else []
    with subprocess.Popen(command, env=os.environ | variable) as server:
        # Else ending this command would leave the server running, with the data.
        before = signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        try:
            return server.wait()
        except KeyboardInterrupt:  # Ctrl-C ends the app, which is how one leaves it
            return 0
        finally:
            signal.signal(signal.SIGTERM, before)


@app.command("sample-data")
def sample_data(folder: Annotated[Path, typer.Argument(help="Folder to write into.")] = SAMPLE_FOLDER) -> None:
    """Make the sample data again from scikit-learn's digit scans."""
    from dashboard.training.sample_files import make_sample_data  # loads torch, which no other command needs

    make_sample_data(folder)
    typer.echo(f"Wrote the sample data to {folder}.")


if __name__ == "__main__":
    app()
