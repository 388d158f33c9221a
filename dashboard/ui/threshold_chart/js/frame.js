// Where a pair of axes lies on the screen, in pixels of the chart.

export function frameOf(chart, axes) {
  const layout = chart.div._fullLayout
  const [x, y] = [layout?.[`xaxis${axes}`], layout?.[`yaxis${axes}`]]
  if (!x?.l2p || !y?.l2p) return null
  const [left, top, width, height] = [x._offset, y._offset, x._length, y._length]
  return {
    left, top, width, height,
    toX: (value) => left + x.l2p(value),
    toY: (value) => top + y.l2p(value),
    fromX: (pixel) => x.p2l(Math.min(Math.max(pixel - left, 0), width)),
    unitsPerPixel: Math.abs(x.p2l(1) - x.p2l(0)),
    holdsX: (pixel) => pixel >= left - 1 && pixel <= left + width + 1,
    holdsY: (pixel) => pixel >= top - 1 && pixel <= top + height + 1,
  }
}

/** Rounded as far as a pixel can tell: 0.347, not 0.34729384. */
export function rounded(value, unitsPerPixel) {
  const digits = Math.min(15, Math.max(0, Math.ceil(-Math.log10(unitsPerPixel))))
  return Number.isFinite(digits) ? Number(value.toFixed(digits)) : value
}
