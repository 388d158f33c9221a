"use strict"
// Unpacks the Plotly that this file carries, draws its charts, sorts and searches its tables. Fetches nothing.

const PLOT = 340 // pixels of a chart without its legend
const ENTRY = { width: 210, height: 20 } // pixels of a legend entry
const PAPER = 680 // pixels across a printed page
const SEARCHED_FROM = 30 // rows

async function unpacked(element) {
  const bytes = Uint8Array.from(atob(element.textContent), (character) => character.charCodeAt(0))
  element.remove()
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text()
}

function run(script) {
  const element = document.createElement("script")
  element.textContent = script
  document.head.appendChild(element)
}

/** As high as its legend needs at this width, so that the plot keeps its size. */
function sized(data, width) {
  const entries = data.filter((trace) => trace.showlegend !== false).length
  const across = Math.max(1, Math.floor(width / ENTRY.width))
  return { width, height: PLOT + ENTRY.height * Math.ceil(entries / across) }
}

function saver(format, title, icon) {
  const save = (div) => Plotly.downloadImage(div, { format, scale: format === "png" ? 2 : 1, filename: div.dataset.name })
  return { name: title, title, icon, click: save }
}

async function draw(div) {
  const { data, layout } = JSON.parse(document.getElementById(`figure-${div.dataset.name}`).textContent)
  const config = {
    displaylogo: false,
    showSendToCloud: false, // would send the chart's data to a server of Plotly's makers
    plotlyServerURL: "",
    modeBarButtonsToRemove: ["toImage", "resetScale2d", "select2d", "lasso2d"],
    modeBarButtonsToAdd: [saver("png", "Save as PNG", Plotly.Icons.camera), saver("svg", "Save as SVG", Plotly.Icons.disk)],
  }
  const width = div.clientWidth
  div.replaceChildren()
  await Plotly.newPlot(div, data, { ...layout, ...sized(data, width) }, config)
  div.dataset.drawn = "yes"
}

const drawn = () => [...document.querySelectorAll(".chart[data-drawn]")]

function fit(width) {
  for (const div of drawn()) {
    const across = width ?? div.clientWidth
    if (across && across !== div.layout.width) Plotly.relayout(div, sized(div.data, across))
  }
}

async function drawAll() {
  const script = document.getElementById("plotly")
  if (!script) return
  run(await unpacked(script))
  for (const div of document.querySelectorAll(".chart")) await draw(div)
  window.addEventListener("resize", () => fit())
  window.addEventListener("beforeprint", () => fit(PAPER))
  window.addEventListener("afterprint", () => fit())
}

/** What a cell sorts by: its number, else its text; NaN for what has neither. */
function valueOf(cell, isText) {
  const text = cell.textContent
  return isText ? text.toLowerCase() : parseFloat(text.replaceAll(",", ""))
}

function compare(a, b) {
  if (typeof a === "string") return a.localeCompare(b)
  return Number.isNaN(a) || Number.isNaN(b) ? Number.isNaN(a) - Number.isNaN(b) : a - b
}

function sortBy(table, head, column) {
  const descending = head.getAttribute("aria-sort") === "descending" ? false : column > 0
  const body = table.tBodies[0]
  const isText = column === 0 || head.classList.contains("t")
  const rows = [...body.rows].map((row) => [valueOf(row.cells[column], isText), row])
  rows.sort(([a], [b]) => {
    const isMissing = Number.isNaN(a) || Number.isNaN(b)
    return isMissing || !descending ? compare(a, b) : compare(b, a)
  })
  for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort")
  head.setAttribute("aria-sort", descending ? "descending" : "ascending")
  body.append(...rows.map(([, row]) => row))
}

function makeSortable(table) {
  ;[...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button")
    button.type = "button"
    button.append(...head.childNodes)
    button.addEventListener("click", () => sortBy(table, head, column))
    head.append(button)
  })
}

function makeSearchable(table) {
  const field = document.createElement("input")
  Object.assign(field, { type: "search", className: "find", placeholder: "Search rows" })
  field.setAttribute("aria-label", "Search rows")
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase()
    for (const row of table.tBodies[0].rows) row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted)
  })
  table.parentElement.before(field)
}

for (const table of document.querySelectorAll(".table table")) {
  if (table.tBodies[0].rows.length > 2) makeSortable(table)
  if (table.tBodies[0].rows.length > SEARCHED_FROM) makeSearchable(table)
}
drawAll().catch((error) => {
  document.documentElement.dataset.fault = String(error)
})
