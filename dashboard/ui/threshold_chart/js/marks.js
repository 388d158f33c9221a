// The drawn handles: a line with a grip, or a ring on a curve. Elements are kept and moved, so that focus stays.

const SVG = "http://www.w3.org/2000/svg"
const GRIP = { width: 62, height: 22 }

const set = (element, attributes) => {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  return element
}

const make = (name, attributes, parent) => parent.appendChild(set(document.createElementNS(SVG, name), attributes))

export function layerOf(root) {
  return root.querySelector(":scope > svg.threshold-overlay") ?? make("svg", { class: "threshold-overlay" }, root)
}

export function makeMark(layer, handle) {
  const group = make("g", {
    class: `threshold-handle is-${handle.kind}`, tabindex: 0, role: "slider", "aria-label": handle.name,
    "data-id": handle.id,
  }, layer)
  if (handle.kind === "point") {
    const ring = make("circle", { class: "operating-point", r: 7 }, group)
    const hit = make("circle", { class: "hit", r: 14 }, group)
    return { group, ring, hit, handle }
  }
  const line = make("line", { class: "threshold-line" }, group)
  const hit = make("rect", { class: "hit", width: 20 }, group)
  const grip = make("g", { class: "grip" }, group)
  make("rect", { x: -GRIP.width / 2, y: -GRIP.height / 2, rx: GRIP.height / 2, ...GRIP }, grip)
  const text = make("text", { "text-anchor": "middle", "dominant-baseline": "central" }, grip)
  return { group, line, hit, grip, text, handle }
}

export const hide = (mark) => { mark.group.style.display = "none" }

/** A line at a pixel, its grip at the foot of the plot and never beyond its sides. */
export function placeLine(mark, frame, x, value, label) {
  mark.group.style.display = ""
  const [top, bottom] = [frame.top, frame.top + frame.height]
  set(mark.line, { x1: x, x2: x, y1: top, y2: bottom, "data-x": value })
  set(mark.hit, { x: x - 10, y: top, height: frame.height })
  const size = frame.width < 300 ? 0.8 : 1
  const half = (GRIP.width / 2) * size
  const at = Math.min(Math.max(x, frame.left + half), frame.left + frame.width - half)
  set(mark.grip, { transform: `translate(${at} ${bottom - (GRIP.height / 2) * size - 4}) scale(${size})` })
  mark.text.textContent = `‹ ${label} ›`
}

export function placePoint(mark, [x, y], [valueX, valueY], label, color) {
  mark.group.style.display = ""
  set(mark.ring, { cx: x, cy: y, fill: color, "data-x": valueX, "data-y": valueY, "data-label": label })
  set(mark.hit, { cx: x, cy: y })
}

/** What a screen reader says of the handle. */
export function tell(mark, now, text, [low, high] = [0, 1]) {
  set(mark.group, { "aria-valuemin": low, "aria-valuemax": high, "aria-valuenow": now, "aria-valuetext": text })
}
