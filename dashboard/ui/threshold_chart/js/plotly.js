// Plotly, loaded once from beside this script.

let loading

export function plotly() {
  loading ??= window.Plotly
    ? Promise.resolve(window.Plotly)
    : new Promise((resolve, reject) => {
        const script = document.createElement("script")
        script.src = new URL("plotly.min.js", import.meta.url).href
        script.onload = () => resolve(window.Plotly)
        script.onerror = () => {
          loading = undefined
          reject(new Error("Plotly could not be loaded from this app's server"))
        }
        document.head.appendChild(script)
      })
  return loading
}
