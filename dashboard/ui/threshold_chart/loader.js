// Fetches the component's scripts from this app's own server, wherever it is mounted, and hands every run to them.
// Streamlit loads this text from a blob: address, which cannot import relative paths.

const home = document.querySelector('script[type="module"][src*="static/js/"]').src.split("static/js/")[0]
const instances = new WeakMap()

export default function (component) {
  const { parentElement } = component
  const instance = instances.get(parentElement) ?? { module: import(`${home}__FOLDER____SCRIPT__`) }
  instances.set(parentElement, instance)
  instance.component = component
  instance.module.then((module) => !instance.gone && module.render(instance.component)).catch((error) => {
    parentElement.textContent = `The chart cannot be drawn: ${error.message}. Reload the page.`
  })
  return () => {
    instance.gone = true
    instances.delete(parentElement)
    instance.module.then((module) => module.remove(component))
  }
}
