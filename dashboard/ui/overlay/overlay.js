// Draws marks over a Plotly chart that Streamlit mounted: reads the chart's axes, never touches its figure.
// Runs again whenever the marks change; follows zooming, resizing and a chart that is mounted anew.

const instances = new WeakMap()
const SVG = "http://www.w3.org/2000/svg"

const element = (name, attributes, parent) => {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  parent.appendChild(made)
  return made
}

const chartOf = (key) => document.querySelector(`.st-key-${CSS.escape(key)} .js-plotly-plot`)

function frameOf(chart) {
  const { xaxis, yaxis } = chart._fullLayout ?? {}
  if (!xaxis?.l2p || !yaxis?.l2p) return null
  return {
    left: xaxis._offset, top: yaxis._offset, width: xaxis._length, height: yaxis._length,
    x: (value) => xaxis._offset + xaxis.l2p(value),
    y: (value) => yaxis._offset + yaxis.l2p(value),
  }
}

function layerOf(chart) {
  let layer = chart.querySelector(":scope > svg.threshold-overlay")
  if (!layer) {
    layer = element("svg", { class: "threshold-overlay", "aria-hidden": "true" }, chart)
    Object.assign(layer.style, {
      position: "absolute", inset: "0", width: "100%", height: "100%", pointerEvents: "none", overflow: "visible",
    })
  }
  layer.replaceChildren()
  return layer
}

function drawLine(layer, frame, line, color) {
  const x = frame.x(line.x)
  if (!(x >= frame.left - 1 && x <= frame.left + frame.width + 1)) return
  element("line", {
    x1: x, x2: x, y1: frame.top, y2: frame.top + frame.height, stroke: color, "stroke-width": 2,
    "stroke-dasharray": "6 3", "data-x": line.x, class: "threshold-line",
  }, layer)
  const onRight = x > frame.left + frame.width * 0.7
  const text = element("text", {
    x: x + (onRight ? -6 : 6), y: frame.top + frame.height - 8, fill: color, "font-size": 13, "font-weight": 600,
    "text-anchor": onRight ? "end" : "start",
  }, layer)
  text.textContent = line.label
}

function drawPoint(layer, frame, point, chart, color) {
  const trace = (chart._fullData ?? []).find((each) => each.name === point.trace)
  if (point.trace && (!trace || trace.visible !== true)) return
  const [x, y] = [frame.x(point.x), frame.y(point.y)]
  const inside = x >= frame.left - 1 && x <= frame.left + frame.width + 1 && y >= frame.top - 1 &&
    y <= frame.top + frame.height + 1
  if (!inside) return
  element("circle", {
    cx: x, cy: y, r: 7, fill: trace?.line?.color ?? color, stroke: color, "stroke-width": 2.5,
    "data-x": point.x, "data-y": point.y, "data-label": point.label, class: "operating-point",
  }, layer)
}

function draw(instance) {
  const chart = chartOf(instance.data.chart)
  if (!chart) return
  if (chart !== instance.chart && chart.on) {
    instance.chart = chart
    for (const event of ["plotly_afterplot", "plotly_relayout", "plotly_relayouting"]) {
      chart.on(event, () => schedule(instance))
    }
  }
  const frame = frameOf(chart)
  if (!frame) return schedule(instance, 100)
  const layer = layerOf(chart)
  const color = getComputedStyle(chart).color || "currentColor"
  for (const line of instance.data.lines) drawLine(layer, frame, line, color)
  for (const point of instance.data.points) drawPoint(layer, frame, point, chart, color)
}

function schedule(instance, delay = 0) {
  clearTimeout(instance.timer)
  instance.timer = setTimeout(() => requestAnimationFrame(() => draw(instance)), delay)
}

export default function ({ data, parentElement }) {
  let instance = instances.get(parentElement)
  if (!instance) {
    instance = { timer: 0 }
    instances.set(parentElement, instance)
    // A chart may be mounted after its marks, or anew; only then does the watched chart differ from the drawn one.
    instance.watcher = new MutationObserver(() => {
      const chart = chartOf(instance.data.chart)
      if (chart && (chart !== instance.chart || !chart.querySelector(":scope > svg.threshold-overlay"))) schedule(instance)
    })
    instance.watcher.observe(document.body, { childList: true, subtree: true })
  }
  instance.data = data
  draw(instance)
  return () => {
    clearTimeout(instance.timer)
    instance.watcher.disconnect()
    instances.delete(parentElement)
    instance.chart?.querySelector(":scope > svg.threshold-overlay")?.remove()
  }
}
