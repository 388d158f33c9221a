// Figures at a place of a dragged handle, read off what is drawn: straight between drawn thresholds, so approximate.

export const written = (value, digits) => {
  if (!Number.isFinite(value)) return "undefined"
  if (digits === 0) return Math.round(value).toLocaleString("en-US")
  return value.toFixed(digits).replace(/^(-?)0\./, "$1.")
}

const unpacked = (text) => new Float64Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer)

const traceOf = (chart, uid) => (chart.div._fullData ?? []).find((trace) => trace.uid === uid)

/** The value of (xs, ys) at x, straight between points and level beyond the ends; NaN without points. */
export function interpolated(xs, ys, x) {
  let [low, high] = [0, xs.length - 1]
  if (high < 0) return NaN
  if (x <= xs[low]) return ys[low]
  if (x >= xs[high]) return ys[high]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (xs[middle] <= x) low = middle
    else high = middle
  }
  const width = xs[high] - xs[low]
  return width ? ys[low] + ((ys[high] - ys[low]) * (x - xs[low])) / width : ys[low]
}

/** [{label, text, color}] of a line at x; lines that the legend hides are left out. */
export function lineReadouts(chart, handle, x) {
  const counts = {}
  return handle.readouts.flatMap((readout) => {
    if (readout.share) return { label: readout.label, text: shareText(readout.share.map((name) => counts[name])) }
    const trace = readout.trace === undefined ? null : traceOf(chart, readout.trace)
    if (readout.trace !== undefined && trace?.visible !== true) return []
    readout.arrays ??= trace ? null : [unpacked(readout.x), unpacked(readout.y)]
    const [xs, ys] = trace ? [trace.x, trace.y] : readout.arrays
    const value = interpolated(xs, ys, x)
    if (readout.digits === 0) counts[readout.label] = Math.round(value)
    return { label: readout.label, text: written(value, readout.digits), color: trace?.line?.color }
  })
}

/** The first of some counts among all of them, from the numbers as they are shown. */
function shareText(parts) {
  const whole = parts.reduce((sum, part) => sum + part, 0)
  return written(whole ? parts[0] / whole : NaN, 3)
}

/** The vertices of the curve a point lies on, or null while the legend hides it. */
export function verticesOf(chart, handle) {
  const trace = traceOf(chart, handle.trace)
  if (trace?.visible !== true) return null
  const { x: xs, y: ys, customdata: rows, line } = trace
  return { xs, ys, rows, color: line?.color, columns: handle.columns }
}

/** Of one vertex, whose row holds a name and figures, or threshold, score, x, y, tp, fp, fn. */
export function vertexReadouts(vertices, index) {
  if (vertices.columns?.length) {
    const [, ...labels] = vertices.columns
    const [name, ...values] = vertices.rows[index]
    return { threshold: String(name), readouts: labels.map((label, i) => ({ label, text: written(values[i], 3) })) }
  }
  const [threshold, , , , tp, fp, fn] = vertices.rows[index]
  const of = (part, whole) => written(whole ? part / whole : NaN, 3)
  return {
    threshold: Number.isFinite(threshold) ? String(Number(threshold.toPrecision(4))) : "never",
    readouts: [
      { label: "recall", text: of(tp, tp + fn) },
      { label: "precision", text: of(tp, tp + fp) },
      { label: "F1", text: of(2 * tp, 2 * tp + fp + fn) },
      ...[["tp", tp], ["fp", fp], ["fn", fn]].map(([label, count]) => ({ label, text: written(count, 0) })),
    ],
  }
}
