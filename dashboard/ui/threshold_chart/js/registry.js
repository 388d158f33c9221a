// The charts that are drawn now, by key, and who wants to know when one was drawn, zoomed or taken away.

const charts = new Map()
const listeners = new Map()

export const chartOf = (key) => charts.get(key)

export function announce(key, chart) {
  charts.set(key, chart)
  tell(key, chart)
}

export function withdraw(key, chart) {
  if (charts.get(key) !== chart) return
  charts.delete(key)
  tell(key, undefined)
}

/** A listener's fault is logged and is none of the chart's. */
function tell(key, chart) {
  for (const listener of listeners.get(key) ?? []) {
    try {
      listener(chart)
    } catch (error) {
      console.error(error)
    }
  }
}

/** Calls `listener(chart)` at every announcement and once now if the chart is there; returns how to stop. */
export function follow(key, listener) {
  if (!listeners.has(key)) listeners.set(key, new Set())
  listeners.get(key).add(listener)
  if (charts.has(key)) listener(charts.get(key))
  return () => listeners.get(key)?.delete(listener)
}
