// Walks from township to township: by the links before and after, by the arrow keys, and by links of this page that
// bear data-township. Streamlit calls the default export on mount and whenever its data changes.
const walks = new WeakMap()
const KEYS = { ArrowLeft: "before", ArrowRight: "after" }
// Where an arrow key already means something: typing, choosing, moving along a box that scrolls sideways.
const BUSY = "input, textarea, select, [contenteditable=true], [role=radiogroup], [role=slider], [role=listbox], [role=dialog]"

const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)

function isBusy(path) {
  return path.some((each) => each.matches && (each.matches(BUSY) || (each.tabIndex >= 0 && each.scrollWidth > each.clientWidth)))
}

function start(held) {
  const go = (township) => held.set("township", township)
  held.follow = (event, end) => {
    if (!held.data[end] || event.button || !isPlain(event)) return
    event.preventDefault()
    go(held.data[end].label)
  }
  const onKey = (event) => {
    const end = KEYS[event.key]
    if (!end || !held.data[end] || !isPlain(event) || isBusy(event.composedPath())) return
    event.preventDefault()
    go(held.data[end].label)
  }
  const onClick = (event) => {
    const link = event.composedPath().find((each) => each.matches && each.matches("a[data-township]"))
    if (!link || event.button || !isPlain(event) || new URL(link.href).pathname !== location.pathname) return
    event.preventDefault()
    go(link.dataset.township)
  }
  document.addEventListener("keydown", onKey)
  document.addEventListener("click", onClick)
  held.stop = () => {
    document.removeEventListener("keydown", onKey)
    document.removeEventListener("click", onClick)
  }
}

function draw(link, end, arrow) {
  link.hidden = !end
  if (!end) return
  link.href = end.address
  link.textContent = arrow.replace("·", end.label)
}

export default function ({ parentElement, data, setTriggerValue }) {
  let held = walks.get(parentElement)
  if (!held) {
    held = {}
    walks.set(parentElement, held)
    start(held)
  }
  held.data = data
  held.set = setTriggerValue
  const [before, after] = parentElement.querySelectorAll("a")
  draw(before, data.before, "‹ ·")
  draw(after, data.after, "· ›")
  before.onclick = (event) => held.follow(event, "before")
  after.onclick = (event) => held.follow(event, "after")
  parentElement.querySelector("nav").hidden = !data.before
  return () => {
    held.stop()
    walks.delete(parentElement)
  }
}
