// Streamlit calls the default export on mount and again whenever its data changes; one watch runs per mounted element.
const EVERY_MS = 20000
const CHANNEL = "dashboard-session"
const watches = new WeakMap()

function leave(note) {
  const here = location.pathname + location.search
  location.assign(note === "out" ? "/sign-in?note=out" : `/sign-in?note=over&next=${encodeURIComponent(here)}`)
}

function startWatch(held) {
  const look = async () => {
    if (held.isLeaving) return
    let answer
    try {
      answer = await fetch("/session", { cache: "no-store", credentials: "same-origin" })
    } catch {
      return // the server is away: Streamlit says so itself
    }
    if (answer.status === 401) {
      held.isLeaving = true
      leave("over")
    } else if (answer.ok && (await answer.json()).session !== held.session) {
      held.isLeaving = true
      location.reload()
    }
  }
  const lookIfVisible = () => document.visibilityState === "visible" && look()
  const timer = setInterval(look, EVERY_MS)
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = look
  window.addEventListener("focus", look)
  document.addEventListener("visibilitychange", lookIfVisible)
  if (!held.session) look()
  held.signOut = async () => {
    held.isLeaving = true
    await fetch("/sign-out", { method: "POST", redirect: "manual", credentials: "same-origin" }).catch(() => {})
    channel.postMessage("out")
    leave("out")
  }
  held.stop = () => {
    clearInterval(timer)
    channel.close()
    window.removeEventListener("focus", look)
    document.removeEventListener("visibilitychange", lookIfVisible)
  }
}

export default function ({ parentElement, data }) {
  let held = watches.get(parentElement)
  if (!held) {
    held = {}
    watches.set(parentElement, held)
    held.session = data.session
    startWatch(held)
  }
  held.session = data.session
  const name = parentElement.querySelector("span")
  name.textContent = data.name
  name.title = data.name
  parentElement.querySelector("a").onclick = (event) => {
    event.preventDefault()
    location.assign(`/password?next=${encodeURIComponent(location.pathname + location.search)}`)
  }
  parentElement.querySelector(".who").hidden = !data.session
  parentElement.querySelector("button").onclick = held.signOut
  return () => {
    held.stop()
    watches.delete(parentElement)
  }
}
