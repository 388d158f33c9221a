// The colours and the font of Streamlit's current theme in the place of the figure's placeholders.

const PLACEHOLDER = /"#0000(0[1-9]|10)"/g

export function themeOf(element) {
  const style = getComputedStyle(element)
  const value = (name, fallback) => style.getPropertyValue(name).trim() || fallback
  return {
    text: value("--st-text-color", style.color || "#333333"),
    background: value("--st-background-color", "#ffffff"),
    panel: value("--st-secondary-background-color", "#f0f2f6"),
    accent: value("--st-primary-color", "#0061a1"),
    font: value("--st-font", "sans-serif"),
    palette: value("--st-chart-categorical-colors", "").split(",").map((color) => color.trim()).filter(Boolean),
  }
}

/** The figure in a text of JSON, dressed in a theme: placeholders are whole strings, so no text of a user is one. */
export function dressed(text, theme) {
  const coloured = theme.palette.length
    ? text.replace(PLACEHOLDER, (_, number) => JSON.stringify(theme.palette[(Number(number) - 1) % theme.palette.length]))
    : text
  const content = JSON.parse(coloured)
  const { layout } = content.figure
  layout.font = { color: theme.text, family: theme.font, size: 13, ...layout.font }
  layout.hoverlabel = {
    bgcolor: theme.background, bordercolor: theme.text, font: { color: theme.text, family: theme.font },
    ...layout.hoverlabel,
  }
  layout.modebar = { bgcolor: "rgba(0, 0, 0, 0)", color: theme.text, activecolor: theme.accent, ...layout.modebar }
  for (const [name, axis] of Object.entries(layout)) {
    if (/^[xy]axis\d*$/.test(name)) Object.assign(axis, { tickcolor: "rgba(128, 128, 128, 0.5)", automargin: true, ...axis })
  }
  return content
}
