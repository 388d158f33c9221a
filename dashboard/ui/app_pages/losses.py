"""Losses: what does a loss variant change?"""

import streamlit as st

from dashboard.ui import address_bar, frame
from dashboard.ui.losses.choice import losses_control
from dashboard.ui.losses.chosen import chosen_losses
from dashboard.ui.losses.equivalences import show_equivalences
from dashboard.ui.losses.meaning import show_meaning
from dashboard.ui.losses.numerics import show_numerics
from dashboard.ui.losses.shape import show_shape
from dashboard.ui.losses.tensor_check import show_tensor_check
from dashboard.ui.losses.values import show_values
from dashboard.ui.turns import in_turn
from dashboard.ui.view import View

# Each tab and the panels in it, called with the view and the chosen losses; only the open one runs.
TABS = {
    "Meaning of 0.5": (show_meaning,),
    "Values": (show_values,),
    "Shape": (show_shape,),
    "Numerics": (show_numerics,),
    "Same loss": (show_equivalences,),
    "Check tensors": (show_tensor_check,),
}


@st.fragment
@in_turn
def follow_losses(view: View, slots: dict) -> None:
    """Everything that depends on the chosen losses."""
    choice = chosen_losses(view.predictions.n_classes)
    losses_control(choice)
    address_bar.write_address()
    frame.show_thresholds(view, slots["header"])
    for tab, panels in zip(st.tabs(list(TABS), key="losses_tab", bind="query-params"), TABS.values(), strict=True):
        if tab.open:
            with tab:
                for show in panels:
                    show(view, choice.settings)


view, header = frame.open_page()
follow_losses(view, {"header": header})
