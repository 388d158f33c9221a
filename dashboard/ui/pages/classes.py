"""Classes: what does one class trade?"""

from dashboard.ui import frame

view, header = frame.open_page()
frame.show_thresholds(view, header)
