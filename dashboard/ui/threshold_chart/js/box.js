// The figures that follow a dragged handle, in a small table over the chart and marked as approximate.

const make = (name, className, parent) => {
  const element = document.createElement(name)
  element.className = className
  return parent.appendChild(element)
}

export function boxOf(root) {
  let box = root.querySelector(":scope > .threshold-readouts")
  if (!box) {
    box = make("div", "threshold-readouts", root)
    box.setAttribute("aria-hidden", "true") // the handle itself says the same
    make("div", "title", box)
    make("div", "rows", box)
  }
  return box
}

export function showBox(root, frame, x, title, readouts) {
  const box = boxOf(root)
  box.hidden = false
  box.querySelector(".title").textContent = `≈ ${title}`
  const rows = box.querySelector(".rows")
  while (rows.children.length < 3 * readouts.length) make("span", "", rows)
  while (rows.children.length > 3 * readouts.length) rows.lastChild.remove()
  readouts.forEach(({ label, text, color }, i) => {
    const [dot, name, value] = [0, 1, 2].map((part) => rows.children[3 * i + part])
    dot.style.background = color ?? "transparent"
    name.textContent = label
    value.textContent = text
  })
  // Beside the handle where there is room, else on its other side; never outside the chart.
  const [width, room] = [box.offsetWidth, root.clientWidth]
  const right = x + 18 + width <= Math.max(frame.left + frame.width, room - 4)
  const left = right ? x + 18 : Math.max(2, x - 18 - width)
  box.style.transform = `translate(${left}px, ${frame.top + 6}px)`
}

export function hideBox(root) {
  const box = root.querySelector(":scope > .threshold-readouts")
  if (box) box.hidden = true
}
