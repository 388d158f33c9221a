// Draws a figure with Plotly and keeps it: new data goes into the same chart, so zoom and legend choices stay.

import { arrange } from "./grid.js"
import { plotly } from "./plotly.js"
import { announce, withdraw } from "./registry.js"
import { saveButtons } from "./save.js"
import { dressed, themeOf } from "./theme.js"

// Plotly's own way back would be to the ranges of the first figure, which may have had another axis.
// Its own picture would have no background, and colours for the theme of the page. Its "Share chart" would send the
// chart's data to a server of Plotly's makers.
const CONFIG = {
  displaylogo: false, responsive: false, doubleClick: false, modeBarButtonsToRemove: ["resetScale2d", "toImage"],
  showSendToCloud: false, plotlyServerURL: "",
}
const charts = new WeakMap()

/** The payload is a revision, a line feed and the chart. */
function unpacked(data) {
  const text = new TextDecoder().decode(data)
  const end = text.indexOf("\n")
  return [text.slice(0, end), text.slice(end + 1)]
}

export async function render({ data, parentElement }) {
  const root = parentElement.querySelector(".threshold-chart")
  const chart = charts.get(root) ?? begin(root)
  const theme = themeOf(root)
  const look = JSON.stringify(theme)
  if (data === chart.data && look === chart.look) return
  Object.assign(chart, { data, look, theme })
  const [revision, text] = unpacked(data)
  const { key, alt, ...content } = dressed(text, theme)
  if (chart.key && chart.key !== key) withdraw(chart.key, chart)
  Object.assign(chart, { key, text, content: { ...content, revision } })
  root.setAttribute("aria-label", alt)
  await draw(chart)
}

export function remove({ parentElement }) {
  const root = parentElement.querySelector(".threshold-chart")
  const chart = root && charts.get(root)
  if (!chart) return
  chart.watcher.disconnect()
  withdraw(chart.key, chart)
  window.Plotly?.purge(chart.div)
  charts.delete(root)
}

function begin(root) {
  const div = document.createElement("div")
  root.appendChild(div)
  const chart = { root, div, key: undefined, content: undefined, drawing: Promise.resolve() }
  chart.watcher = new ResizeObserver(() => resize(chart))
  chart.watcher.observe(root)
  charts.set(root, chart)
  return chart
}

/** One drawing after the other; a figure that came meanwhile is drawn last. */
function draw(chart) {
  chart.drawing = chart.drawing.then(async () => {
    const { content, div, root } = chart
    const width = root.clientWidth
    chart.width = width
    if (!width || !content) return
    // Copies: Plotly writes zoom and legend choices into what it is given, and would take them for the figure's own.
    const { data, layout } = structuredClone(content.figure)
    Object.assign(arrange(layout, width), { width })
    div.style.height = `${layout.height}px`
    const Plotly = await plotly()
    if (chart.content !== content || charts.get(root) !== chart) return
    const isNew = !div.classList.contains("js-plotly-plot")
    chart.config ??= { ...CONFIG, modeBarButtonsToAdd: saveButtons(Plotly, chart) } // another one would redraw it all
    await Plotly.react(div, data, layout, chart.config)
    Object.assign(chart, { handles: content.handles, revision: content.revision })
    if (isNew) listen(chart)
    announce(chart.key, chart)
  }).catch((error) => {
    tell(chart, error.message)
  })
  return chart.drawing
}

function tell(chart, message) {
  chart.root.dataset.fault = message
  chart.div.textContent = `The chart cannot be drawn: ${message}. Reload the page.`
}

/** All axes as the figure has them. */
function zoomOut(chart) {
  const ranges = Object.entries(chart.content.figure.layout).flatMap(([name, axis]) =>
    /^[xy]axis\d*$/.test(name) && axis.range ? [[`${name}.range`, [...axis.range]]] : [],
  )
  window.Plotly.relayout(chart.div, Object.fromEntries(ranges))
}

function listen(chart) {
  chart.div.on("plotly_doubleclick", () => zoomOut(chart))
  for (const event of ["plotly_afterplot", "plotly_relayout", "plotly_relayouting"]) {
    chart.div.on(event, () => announce(chart.key, chart))
  }
}

function resize(chart) {
  if (chart.content && chart.root.clientWidth && chart.root.clientWidth !== chart.width) {
    clearTimeout(chart.timer)
    chart.timer = setTimeout(() => chart.root.clientWidth !== chart.width && draw(chart), 60)
  }
}
