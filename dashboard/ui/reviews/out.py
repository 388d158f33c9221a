"""The review as files to send around: one HTML report that opens offline, and everything as a zip."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from dashboard.core.resampling import HELD_OUT
from dashboard.inputs.dataset import Dataset
from dashboard.judged_figures import THESE_SAMPLES, judged
from dashboard.report_content import Reported, report_content, report_files
from dashboard.reviews import Review
from dashboard.reviews.report import report_html
from dashboard.reviews.report.of_review import told
from dashboard.reviews.table_files import zipped
from dashboard.ui import state
from dashboard.ui.panels.estimate_settings import held_out_run
from dashboard.ui.panels.threshold_exports import Export
from dashboard.ui.reviews.changes import changes_told, replaced_thresholds
from dashboard.ui.reviews.exported import chosen_export
from dashboard.ui.reviews.judging import Samples, held_out_of, samples_of
from dashboard.ui.view import View

SEED = 0
ZIP = "application/zip"


@dataclass(frozen=True, eq=False)
class Sending:
    """What goes out. All that is read of the visitor's state is read while the page is drawn: the files are made
    outside of its run, when somebody presses a button."""

    view: View
    review: Review | None
    export: Export
    held_out: Dataset | None
    samples: tuple[Samples, ...]  # that changes are judged on
    replaced: str | None  # the thresholds before the last decision

    def html(self) -> str:
        return report_html(self._content()[1])

    def files(self, form: str) -> bytes:
        return zipped(report_files(*self._content(), form))

    def _content(self):
        reported, created = self._reported(), datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        return reported, report_content(reported, created=created, **self._told())

    def _told(self) -> dict:
        if self.review is None:
            return {"title": f"Thresholds of {self.view.whole.name}"}
        changes = changes_told(self.view, self.review, self.export.thresholds, self.samples, self.replaced)
        return told(self.review) | {"changes": changes}

    def _reported(self) -> Reported:
        """The thresholds that go out on the samples in view, judged as the command line does."""
        view, rule, unit = self.view, self.export.thresholds, self.export.unit
        p = view.predictions
        figures = self.export.figures() or {THESE_SAMPLES: judged(p, rule, unit, SEED, THESE_SAMPLES)}
        held_out = None
        if self.held_out is not None:
            q = self.held_out.runs[held_out_run(self.held_out, view)]
            other_unit = unit if unit in q.columns else None
            figures = dict(figures) | {HELD_OUT: judged(q, rule, other_unit, SEED, HELD_OUT)}
            held_out = q, rule
        ranked = {view.run: view.ranked}
        return Reported(view.dataset, view.run, rule, figures, self.export.words, unit, held_out, ranked)


def show_out(view: View, review: Review | None) -> None:
    """Buttons; the files are made when somebody presses one."""
    st.caption(
        "One HTML file with charts, tables, notes and the decision: it opens offline and prints. The zip has the "
        "report, thresholds.json with its program, the classification report, and every table."
    )
    st.caption(
        "Each is made when its button is pressed, which then turns until the file comes: a few seconds, for thousands "
        "of classes up to a minute."
    )
    export = chosen_export(view, "report_which")
    replaced = None if review is None else replaced_thresholds(review, state.opened_review())
    sending = Sending(view, review, export, held_out_of(view), samples_of(view, export.unit), replaced)
    with st.container(horizontal=True):
        _button("Report (HTML)", sending.html, "report.html", "text/html", "report_html")
        _button("Everything, tables as CSV", partial(sending.files, "csv"), "review.zip", ZIP, "zip_csv")
        _button("Everything, tables as Parquet", partial(sending.files, "parquet"), "review.zip", ZIP, "zip_parquet")


def _button(label, make, name, mime, key) -> None:
    st.download_button(
        label, data=make, file_name=name, mime=mime, icon=":material/download:", key=key, on_click="ignore"
    )
