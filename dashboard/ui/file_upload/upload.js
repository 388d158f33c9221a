// Sends files one after the other to the server's upload route, with progress and abort. The page hears of a file
// only when all of it has arrived, as {id, name, size, sha256}. Runs again at every rerun; an upload goes on meanwhile.

const instances = new WeakMap()
const REFRESH = 200 // ms between two figures
const LINES = 5
const SPEED_WINDOW = 3000 // ms over which the speed is taken

function asSize(bytes) {
  for (const [unit, factor] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]]) {
    if (bytes >= factor) return `${Number((bytes / factor).toPrecision(3))} ${unit}`
  }
  return `${bytes} bytes`
}

function asTime(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.ceil(seconds))} s left`
  return `${Math.floor(seconds / 60)} min ${Math.ceil(seconds % 60)} s left`
}

function figures(loaded, total, speed) {
  const percent = Math.floor((100 * loaded) / total)
  const parts = [`${percent} %`, `${asSize(loaded)} of ${asSize(total)}`]
  if (speed > 0) parts.push(`${(speed / 1e6).toFixed(speed < 1e7 ? 1 : 0)} MB/s`, asTime((total - loaded) / speed))
  return parts.join(" · ")
}

// A page lives at <base>/<page>, the route at <base>/api/uploads, whatever the base is.
const route = () => new URL("api/uploads", location.origin + location.pathname.replace(/\/+$/, ""))

function tokenOf(cookie) {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${cookie}=`))
  return found ? decodeURIComponent(found.slice(cookie.length + 1)) : ""
}

function refusalOf(request) {
  try {
    return JSON.parse(request.responseText).error
  } catch {
    return null
  }
}

// What became of each file since the first of them was chosen, the latest last.
function say(instance, text, isFault = false) {
  const line = document.createElement("div")
  line.textContent = text
  line.classList.toggle("fault", isFault)
  instance.said.append(line)
  while (instance.said.children.length > LINES) instance.said.firstChild.remove()
}

function request(instance, method, url) {
  const made = new XMLHttpRequest()
  made.open(method, url)
  made.setRequestHeader(instance.data.token_header, tokenOf(instance.data.cookie))
  instance.request = made
  return made
}

// Whether the file would be taken: a refusal in the middle of a body would reach the page as a broken connection.
function ask(instance, file) {
  const url = route()
  url.searchParams.set("size", file.size)
  const asked = request(instance, "GET", url)
  asked.onload = () => (asked.status < 300 ? send(instance, file) : fail(instance, file, refusalOf(asked)))
  asked.onerror = () => fail(instance, file, null)
  asked.onabort = () => aborted(instance, file)
  asked.send()
}

function send(instance, file) {
  const sent = request(instance, "PUT", route())
  const seen = [[performance.now(), 0]]
  let drawn = 0
  sent.setRequestHeader(instance.data.name_header, encodeURIComponent(file.name))
  sent.setRequestHeader("Content-Type", "application/octet-stream")
  sent.upload.onprogress = ({ loaded }) => {
    const now = performance.now()
    seen.push([now, loaded])
    while (seen.length > 2 && now - seen[0][0] > SPEED_WINDOW) seen.shift()
    if (now - drawn < REFRESH && loaded < file.size) return
    drawn = now
    const speed = now > seen[0][0] ? (1000 * (loaded - seen[0][1])) / (now - seen[0][0]) : 0
    instance.progress.value = file.size ? loaded / file.size : 1
    instance.figures.textContent = figures(loaded, Math.max(file.size, 1), speed)
  }
  sent.onload = () => (sent.status < 300 ? arrived(instance, sent) : fail(instance, file, refusalOf(sent)))
  sent.onerror = () => fail(instance, file, null)
  sent.onabort = () => aborted(instance, file)
  sent.send(file)
}

function arrived(instance, sent) {
  const { id, name, size, sha256 } = JSON.parse(sent.responseText)
  instance.files = [...instance.files, { id, name, size, sha256 }]
  say(instance, `${name} has arrived (${asSize(size)}).`)
  instance.setStateValue("files", instance.files)
  next(instance)
}

function fail(instance, file, sentence) {
  const reason = sentence ?? "The connection to the server broke: check that it still runs, then try again."
  say(instance, `${file.name} was not uploaded. ${reason}`, true)
  next(instance)
}

function aborted(instance, file) {
  say(instance, `The upload of ${file.name} was aborted, nothing of it was kept.`)
  next(instance)
}

function next(instance) {
  instance.request = null
  const file = instance.queue.shift()
  instance.idle.hidden = Boolean(file)
  instance.busy.hidden = !file
  if (!file) return instance.hadFocus && instance.input.focus() // not lost with the button that was pressed
  instance.name.textContent = file.name
  instance.progress.value = 0
  instance.figures.textContent = `0 % · ${asSize(file.size)}`
  const rest = instance.queue.length
  instance.waiting.textContent = rest ? `Then ${rest === 1 ? instance.queue[0].name : `${rest} more files`}` : ""
  if (file.size > instance.data.max_bytes) {
    return fail(instance, file, `It has ${asSize(file.size)}, but at most ${asSize(instance.data.max_bytes)} are taken.`)
  }
  ask(instance, file)
}

function enqueue(instance, files) {
  if (!files.length) return
  const isIdle = !instance.request
  instance.queue.push(...files)
  if (isIdle) {
    instance.said.replaceChildren()
    next(instance)
  }
}

function mount(parent) {
  const part = (selector) => parent.querySelector(selector)
  const instance = {
    queue: [], files: [], request: null, input: part("input"), zone: part(".zone"), idle: part(".idle"),
    busy: part(".busy"), name: part(".name"), progress: part("progress"), figures: part(".figures"),
    waiting: part(".waiting"), said: part(".said"),
  }
  instance.input.onchange = () => {
    enqueue(instance, [...instance.input.files])
    instance.input.value = "" // so that the same file can be chosen again
  }
  part(".abort").onclick = () => {
    instance.hadFocus = true
    instance.request?.abort()
  }
  instance.zone.ondragover = (event) => {
    event.preventDefault()
    instance.zone.classList.add("over")
  }
  instance.zone.ondragleave = () => instance.zone.classList.remove("over")
  instance.zone.ondrop = (event) => {
    event.preventDefault()
    instance.zone.classList.remove("over")
    enqueue(instance, [...event.dataTransfer.files])
  }
  return instance
}

export default function ({ data, parentElement, setStateValue }) {
  let instance = instances.get(parentElement)
  if (!instance) {
    instance = mount(parentElement)
    instances.set(parentElement, instance)
  }
  Object.assign(instance, { data, setStateValue })
  parentElement.querySelector(".hint").textContent = `or drop them here, up to ${asSize(data.max_bytes)} each`
  return () => setTimeout(() => {
    if (parentElement.isConnected) return // only drawn anew
    instance.queue = []
    instance.request?.abort()
    instances.delete(parentElement)
  })
}
