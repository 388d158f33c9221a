// Small multiples: as many columns as the width holds, every cell with its title, all on one shared scale.

const GAP = 26
const HEAD = 22
const FOOT = 30
const NARROWEST = 140 // pixels of a cell: two beside each other on a phone

/** Sets domains, height and titles of the cells in `layout`, whose meta.grid says {titles, cell: [width, height]}. */
export function arrange(layout, width) {
  const grid = layout.meta?.grid
  if (!grid) return layout
  const count = grid.titles.length
  const [left, right, legend] = [34, 8, 34]
  const inner = Math.max(100, width - left - right)
  const least = Math.min(grid.cell[0], Math.max(NARROWEST, width / 6))
  const columns = Math.max(1, Math.min(count, Math.floor((inner + GAP) / (least + GAP))))
  const rows = Math.ceil(count / columns)
  const high = rows * (grid.cell[1] + HEAD + FOOT)
  layout.height = high + legend
  layout.margin = { l: left, r: right, t: 0, b: legend, pad: 0 }
  layout.annotations = grid.titles.map((title, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)]
    const cell = (inner - (columns - 1) * GAP) / columns
    const start = column * (cell + GAP)
    const top = row * (grid.cell[1] + HEAD + FOOT) + HEAD
    const suffix = i ? String(i + 1) : ""
    const isBottom = row === rows - 1 || i + columns >= count
    Object.assign(layout[`xaxis${suffix}`], {
      domain: [start / inner, (start + cell) / inner], showticklabels: isBottom, automargin: false,
    })
    Object.assign(layout[`yaxis${suffix}`], {
      domain: [1 - (top + grid.cell[1]) / high, 1 - top / high], showticklabels: column === 0, automargin: false,
    })
    return {
      text: title, x: start / inner, y: 1 - top / high, xref: "paper", yref: "paper", xanchor: "left",
      yanchor: "bottom", showarrow: false, font: { size: 13 },
    }
  })
  return layout
}
