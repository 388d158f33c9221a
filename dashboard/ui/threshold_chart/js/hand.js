// Holds the handles of one chart: puts them where the server says, moves them with pointer and keys, tells the server
// where they were let go. While a handle is held nothing is sent and the figures are read off the drawn lines.

import { hideBox, showBox } from "./box.js"
import { frameOf, rounded } from "./frame.js"
import { hide, layerOf, makeMark, placeLine, placePoint, tell } from "./marks.js"
import { lineReadouts, vertexReadouts, verticesOf } from "./readouts.js"
import { follow } from "./registry.js"

const SETTLE = 220 // ms after the last key before its value is sent
const ANSWER = 15_000 // ms after which a value that the server did not take is given up
const DOUBLE_CLICK = 320 // ms in which a second click means "reset the zoom"
const hands = new WeakMap()

export function render(component) {
  const root = component.parentElement.querySelector(".threshold-hand")
  if (!hands.has(root)) hands.set(root, new Hand(root))
  hands.get(root).take(component)
}

export function remove({ parentElement }) {
  const root = parentElement.querySelector(".threshold-hand")
  hands.get(root)?.letGo()
  hands.delete(root)
}

class Hand {
  constructor(root) {
    this.live = root
    this.marks = new Map()
    this.waiting = new Set() // let go of, and not answered yet
    this.onClick = (event) => this.clicked(event)
    this.onDoubleClick = () => clearTimeout(this.click)
  }

  /** New places from the server. */
  take(component) {
    const { data, setTriggerValue } = component
    this.send = (value) => setTriggerValue("release", value)
    this.answered(data)
    this.data = data
    if (this.key !== data.chart) {
      this.stop?.()
      this.clear()
      this.key = data.chart
      this.stop = follow(data.chart, (chart) => this.drawn(chart))
    }
    this.place()
  }

  letGo() {
    this.stop?.()
    this.drawn(undefined)
  }

  clear() {
    this.drop()
    for (const { group } of this.marks.values()) group.remove()
    this.marks.clear()
  }

  /** Forget what is held and what was let go of: the chart is another one, or its handles went. */
  drop() {
    for (const timer of [this.soon, this.click, this.patience]) clearTimeout(timer)
    for (const mark of this.waiting) mark.group.classList.remove("is-waiting")
    this.waiting.clear()
    this.held = this.pointer = this.aim = undefined
    if (this.chart) hideBox(this.chart.root)
  }

  drawn(chart) {
    if (this.chart !== chart) {
      this.clear()
      this.chart?.div.removeListener?.("plotly_click", this.onClick)
      this.chart?.div.removeListener?.("plotly_doubleclick", this.onDoubleClick)
      this.chart = chart
      chart?.div.on("plotly_click", this.onClick)
      chart?.div.on("plotly_doubleclick", this.onDoubleClick)
    }
    this.place()
  }

  /** All handles to where they belong: the one held to the hand, the others to the server's places. */
  place() {
    const { chart, data } = this
    if (!chart || !data) return
    // A vertex of the old curve may be none of the new one.
    if (this.revision !== chart.revision) this.drop()
    this.revision = chart.revision
    const layer = layerOf(chart.root)
    const handles = new Map(chart.handles.map((handle) => [handle.id, handle]))
    const wanted = data.marks.filter(({ id }) => handles.has(id))
    for (const [id, mark] of this.marks) {
      if (wanted.some((place) => place.id === id)) continue
      if (this.held === mark || this.waiting.has(mark)) this.drop()
      mark.group.remove()
      this.marks.delete(id)
    }
    for (const place of wanted) {
      const handle = handles.get(place.id)
      let mark = this.marks.get(place.id)
      if (!mark) {
        mark = makeMark(layer, handle)
        this.marks.set(place.id, mark)
        this.listen(mark)
      }
      mark.handle = handle
      mark.server = place
      mark.group.classList.toggle("is-fixed", Boolean(data.disabled))
      if (this.held !== mark && !this.waiting.has(mark)) this.settle(mark)
      else this.move(mark, mark.at)
    }
  }

  /** A handle where the server says. */
  settle(mark) {
    const { server, handle } = mark
    const frame = frameOf(this.chart, handle.axes)
    if (!frame) return hide(mark)
    if (handle.kind === "point") {
      const vertices = verticesOf(this.chart, handle)
      const [x, y] = [frame.toX(server.x), frame.toY(server.y)]
      if (!vertices || !frame.holdsX(x) || !frame.holdsY(y)) return hide(mark)
      mark.at = nearest(vertices, frame, x, y)
      placePoint(mark, [x, y], [server.x, server.y], server.label, vertices.color)
      return tell(mark, mark.at, server.text, [0, vertices.xs.length - 1])
    }
    const value = Number(server.x) // "Infinity" stands at the end of the axis
    mark.at = Math.min(Math.max(value, handle.span[0]), handle.span[1])
    const x = frame.toX(mark.at)
    if (!frame.holdsX(x)) return hide(mark)
    placeLine(mark, frame, x, server.x, server.label)
    tell(mark, mark.at, server.text, handle.span)
  }

  /** A held handle: a line to a value, a point to a vertex; with the figures there. */
  move(mark, at) {
    const { handle } = mark
    const frame = frameOf(this.chart, handle.axes)
    if (!frame) return
    mark.at = at
    if (handle.kind === "point") return this.movePoint(mark, frame)
    const readouts = lineReadouts(this.chart, handle, at)
    const label = String(Number(at.toPrecision(4)))
    placeLine(mark, frame, frame.toX(at), at, label)
    showBox(this.chart.root, frame, frame.toX(at), `at ${label}, ${this.data.note}`, readouts)
    tell(mark, at, spoken(label, readouts), handle.span)
  }

  movePoint(mark, frame) {
    const vertices = verticesOf(this.chart, mark.handle)
    if (!vertices) return
    mark.at = Math.min(mark.at, vertices.xs.length - 1)
    const { threshold, readouts } = vertexReadouts(vertices, mark.at)
    const value = [vertices.xs[mark.at], vertices.ys[mark.at]]
    const pixel = [frame.toX(value[0]), frame.toY(value[1])]
    placePoint(mark, pixel, value, threshold, vertices.color)
    showBox(this.chart.root, frame, pixel[0], `at ${threshold}, ${this.data.note}`, readouts)
    tell(mark, mark.at, spoken(threshold, readouts), [0, vertices.xs.length - 1])
  }

  listen(mark) {
    const { group, hit, grip } = mark
    for (const target of [hit, grip].filter(Boolean)) {
      target.addEventListener("pointerdown", (event) => this.grasp(mark, target, event))
      // Else a finger scrolls the page: browsers do not look for touch-action inside a drawing.
      target.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false })
    }
    group.addEventListener("keydown", (event) => this.press(mark, event))
    group.addEventListener("keyup", () => this.held === mark && !this.pointer && this.sendSoon(mark))
    group.addEventListener("blur", () => this.held === mark && !this.pointer && this.release(mark))
  }

  grasp(mark, target, event) {
    if (this.data.disabled || event.button || this.pointer !== undefined) return
    event.preventDefault()
    event.stopPropagation()
    mark.group.focus({ preventScroll: true })
    Object.assign(this, { held: mark, pointer: event.pointerId, from: mark.at, aim: undefined })
    target.setPointerCapture(event.pointerId)
    const follow = ({ pointerId, clientX, clientY }) => {
      if (pointerId !== event.pointerId || this.held !== mark) return
      this.aim = [clientX, clientY]
      this.frame ??= requestAnimationFrame(() => {
        this.frame = undefined
        if (this.held === mark && this.aim) this.move(mark, this.valueAt(mark, ...this.aim))
      })
    }
    const end = (sent) => ({ pointerId }) => {
      if (pointerId !== event.pointerId) return
      target.removeEventListener("pointermove", follow)
      target.onpointerup = target.onpointercancel = null
      if (this.held !== mark) return
      const { aim } = this
      this.pointer = this.aim = undefined
      if (!sent) return this.giveUp()
      if (aim) mark.at = this.valueAt(mark, ...aim)
      this.release(mark)
    }
    target.addEventListener("pointermove", follow)
    target.onpointerup = end(true)
    target.onpointercancel = end(false)
  }

  /** Where the pointer is; where the handle was, while the legend hides its curve. */
  valueAt({ handle, at }, clientX, clientY) {
    const frame = frameOf(this.chart, handle.axes)
    const vertices = handle.kind === "point" ? verticesOf(this.chart, handle) : true
    if (!frame || !vertices) return at
    const box = this.chart.div.getBoundingClientRect()
    const [x, y] = [clientX - box.left, clientY - box.top]
    if (handle.kind === "point") return nearest(vertices, frame, x, y)
    const value = rounded(frame.fromX(x), frame.unitsPerPixel)
    return Math.min(Math.max(value, handle.span[0]), handle.span[1])
  }

  press(mark, event) {
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }
    if (event.key === "Escape" && this.held === mark) return this.giveUp()
    const ends = { Home: 0, End: 1 }
    if (this.data.disabled || !(event.key in steps || event.key in ends)) return
    if (event.altKey || event.ctrlKey || event.metaKey) return // the browser's own
    event.preventDefault()
    if (this.held !== mark) Object.assign(this, { held: mark, from: mark.at })
    const step = (steps[event.key] ?? 0) * (event.shiftKey ? 10 : 1)
    this.move(mark, this.stepped(mark, step, ends[event.key]))
    this.sendSoon(mark)
  }

  /** A fine step is a thousandth of the axis, or one vertex of a curve. */
  stepped(mark, step, end) {
    const { handle } = mark
    if (handle.kind === "point") {
      const last = (verticesOf(this.chart, handle)?.xs.length ?? 1) - 1
      return end === undefined ? Math.min(Math.max(mark.at + step, 0), last) : end * last
    }
    const [low, high] = handle.span
    if (end !== undefined) return end ? high : low
    const size = (high - low) / 1000
    return Math.min(Math.max(rounded(mark.at + step * size, size / 10), low), high)
  }

  sendSoon(mark) {
    clearTimeout(this.soon)
    this.soon = setTimeout(() => this.held === mark && !this.pointer && this.release(mark), SETTLE)
  }

  /** Let go: the value goes to the server, and the handle stays until its answer. */
  release(mark) {
    clearTimeout(this.soon)
    this.held = undefined
    if (mark.at === this.from) return this.giveUp(mark)
    this.commit(mark)
  }

  /** Everything not answered yet goes again: of two values sent in a row the server may see the last one only. */
  commit(mark) {
    this.waiting.add(mark)
    mark.group.classList.add("is-waiting")
    const releases = [...this.waiting].map(({ handle, at }) => ({
      id: handle.id, ...(handle.kind === "point" ? { vertex: Math.max(0, at - handle.first) } : { value: at }),
    }))
    this.send({ revision: this.chart.revision, releases })
    clearTimeout(this.patience)
    this.patience = setTimeout(() => this.giveUp(), ANSWER)
  }

  answered(data) {
    clearTimeout(this.patience)
    const last = [...this.waiting].at(-1)
    for (const mark of this.waiting) mark.group.classList.remove("is-waiting")
    this.waiting.clear()
    if (!this.chart || this.held) return
    hideBox(this.chart.root)
    if (last) this.live.textContent = data.marks.find(({ id }) => id === last.handle.id)?.text ?? ""
  }

  /** Back to where the server has them. */
  giveUp(mark = this.held) {
    const back = new Set([...this.waiting, mark].filter(Boolean))
    this.drop()
    for (const each of back) this.settle(each)
  }

  /** A click on a curve takes its threshold there; a second click soon after means the zoom, not the curve. */
  clicked({ points }) {
    clearTimeout(this.click)
    const point = points?.[0]
    const mark = [...this.marks.values()].find(({ handle }) => handle.kind === "point" && handle.trace === point?.fullData?.uid)
    if (!mark || this.data.disabled) return
    this.click = setTimeout(() => {
      this.from = undefined
      this.move(mark, point.pointNumber)
      this.commit(mark)
    }, DOUBLE_CLICK)
  }
}

const spoken = (label, readouts) =>
  `${label}: ${readouts.map(({ label: name, text }) => `${name} ${text}`).join(", ")}, approximate`

/** The vertex nearest on the screen. */
function nearest({ xs, ys }, frame, x, y) {
  let [best, least] = [0, Infinity]
  for (let i = 0; i < xs.length; i++) {
    const distance = (frame.toX(xs[i]) - x) ** 2 + (frame.toY(ys[i]) - y) ** 2
    if (distance < least) [best, least] = [i, distance]
  }
  return best
}
