// Runs Plotly while the page waits for its first run: before that it would hold up Streamlit's own start.

import { plotly } from "./plotly.js"

const STEP = 20 // ms
const LATEST = 10_000 // ms; a page that is not there by then asks for Plotly when it has a chart

const isWaiting = () => document.querySelector('[data-testid="stApp"][data-test-script-state="running"]')

const timer = setInterval(() => {
  if (!isWaiting() && performance.now() < LATEST) return
  clearInterval(timer)
  if (isWaiting()) plotly().catch(() => {}) // the chart asks again, and says what is wrong
}, STEP)
