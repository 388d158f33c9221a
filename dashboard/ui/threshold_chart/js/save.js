// Saves a chart as a picture for slides and papers: dark text on white whatever the page's theme, as it is zoomed now,
// with the thresholds in force, which on the page lie over the chart and not in it.

import { arrange } from "./grid.js"
import { dressed } from "./theme.js"

const TEXT = "#1a1a1a"
const WHITE = "#ffffff"
// The palette of the light theme in .streamlit/config.toml.
const PALETTE = [
  "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#A67C00", "#3A97D3", "#333333", "#7A5195", "#8C510A", "#4D7F17",
]
const PAPER = {
  text: TEXT, background: WHITE, panel: WHITE, accent: TEXT, palette: PALETTE,
  font: 'system-ui, "Segoe UI", "DejaVu Sans", sans-serif',
}

/** The two buttons for Plotly's bar over the chart. */
export function saveButtons(Plotly, chart) {
  const button = (format, icon) => ({
    name: `save-${format}`, title: `Save as ${format.toUpperCase()}`, icon, click: () => save(Plotly, chart, format),
  })
  return [button("png", Plotly.Icons.camera), button("svg", Plotly.Icons.disk)]
}

function save(Plotly, chart, format) {
  const { data, layout } = picture(chart)
  const { width, height } = layout
  const size = { width, height, scale: format === "png" ? 2 : 1 }
  return Plotly.downloadImage({ data, layout }, { format, ...size, filename: chart.key }).catch((error) => {
    console.error(error)
  })
}

function picture(chart) {
  const { data, layout } = dressed(chart.text, PAPER).figure
  Object.assign(arrange(layout, chart.width), { width: chart.width, paper_bgcolor: WHITE, plot_bgcolor: WHITE })
  data.forEach((trace, i) => Object.assign(trace, { visible: chart.div.data[i]?.visible ?? true }))
  for (const [name, axis] of Object.entries(layout)) {
    const range = /^[xy]axis\d*$/.test(name) && chart.div.layout[name]?.range
    if (range) axis.range = [...range]
  }
  const marks = marksOf(chart)
  layout.shapes = [...(layout.shapes ?? []), ...marks.filter(({ y }) => y === undefined).map(lineAt)]
  const points = marks.filter(({ y }) => y !== undefined).map(ringAt)
  return { data: [...data, ...points], layout }
}

/** The handles that show now: axes and place of each. */
function marksOf(chart) {
  const axes = new Map((chart.handles ?? []).map((handle) => [handle.id, handle.axes]))
  const shown = [...chart.root.querySelectorAll(".threshold-handle")].filter(({ style }) => style.display !== "none")
  return shown.flatMap((group) => {
    const { x, y } = group.querySelector("[data-x]")?.dataset ?? {}
    const place = { axes: axes.get(group.dataset.id) ?? "", x: Number(x), y: y === undefined ? undefined : Number(y) }
    return Number.isFinite(place.x) && (y === undefined || Number.isFinite(place.y)) ? [place] : []
  })
}

const lineAt = ({ axes, x }) => ({
  type: "line", xref: `x${axes}`, yref: `y${axes} domain`, x0: x, x1: x, y0: 0, y1: 1,
  line: { color: TEXT, dash: "dash", width: 2 },
})

const ringAt = ({ axes, x, y }) => ({
  type: "scatter", mode: "markers", x: [x], y: [y], xaxis: `x${axes}`, yaxis: `y${axes}`, showlegend: false,
  marker: { symbol: "circle-open", size: 15, color: TEXT, line: { width: 2.5 } },
})
