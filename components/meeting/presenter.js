// The presenter: shows one of the leaves that are all here already, turned by keys alone. Nothing is asked of the server
// but, at most once a minute, that the session stays alive while somebody presents.
const KEEP_MS = 60000
const WARN_SECONDS = 120
const AUTO_SECONDS = 30
const stages = new WeakMap()

const clockText = (seconds) => {
  const whole = Math.abs(Math.round(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`
}

class Stage {
  constructor(root, data) {
    this.root = root
    this.typed = ""
    this.spent = 0
    this.keptAt = 0
    this.isLeaving = false
    this.minutes = data.minutes
    this.onKey = (event) => this.key(event)
    this.onScreen = () => { if (this.wasFull && !document.fullscreenElement && !this.isLeaving) this.leave(); this.wasFull = Boolean(document.fullscreenElement) }
    this.onClick = (event) => { if (!event.target.closest("a, button")) this.turn(event.clientX < innerWidth / 4 ? -1 : 1) }
    document.addEventListener("keydown", this.onKey, true)
    document.addEventListener("fullscreenchange", this.onScreen)
    root.addEventListener("click", this.onClick)
    this.beat = setInterval(() => this.tick(), 1000)
    this.outside = [...document.querySelectorAll("[data-testid=stSidebar], [data-testid=stHeader], .gov-foot")]
    this.outside.forEach((part) => { part.inert = true })
    this.fill(data)
    this.keep("PUT")
  }

  fill(data) {
    this.back = data.back
    if (this.html === data.html) return
    this.html = data.html
    this.root.innerHTML = data.html
    this.root.setAttribute("aria-label", data.title)
    this.root.querySelectorAll("a").forEach((link) => { link.removeAttribute("href"); link.tabIndex = -1 })
    this.root.querySelectorAll("[tabindex='0']").forEach((box) => { box.tabIndex = -1 })
    this.leaves = [...this.root.querySelectorAll(".leaf")]
    this.show(Number(location.hash.slice(1)) - 1 || 0)
    this.root.focus({ preventScroll: true })
    clearTimeout(this.hinting)
    this.hinting = setTimeout(() => { this.part(".hint").hidden = true }, 6000)
  }

  part(name) { return this.root.querySelector(name) }

  show(index) {
    this.index = Math.min(Math.max(index, 0), this.leaves.length - 1)
    this.leaves.forEach((leaf, i) => { leaf.hidden = i !== this.index })
    const leaf = this.leaves[this.index]
    if (!leaf) return
    this.part(".page").textContent = `${this.index + 1} / ${this.leaves.length}`
    this.part(".say").textContent = leaf.dataset.say
    this.fit(leaf)
    history.replaceState(history.state, "", `#${this.index + 1}`)
    this.root.dataset.turns = Number(this.root.dataset.turns || 0) + 1
  }

  // As large as it goes: a short table is written larger, one with more text than expected smaller rather than cut.
  fit(leaf) {
    const body = leaf.querySelector(".body")
    let scale = body.querySelector(".gov-cards, figure") ? 1.1 : 1.4
    const least = Number(getComputedStyle(body).getPropertyValue("--least")) || 0.5
    body.style.setProperty("--fit", scale)
    while (scale > least && (body.scrollHeight > body.clientHeight + 1 || body.scrollWidth > body.clientWidth + 1)) {
      scale -= 0.05
      body.style.setProperty("--fit", scale.toFixed(2))
    }
  }

  turn(step) {
    if (this.root.classList.contains("black")) return this.black()
    this.autoAt = this.autoAt && performance.now()
    this.show(this.index + step)
  }

  nextTownship() {
    const later = [...this.leaves.keys()].map((i) => (this.index + 1 + i) % this.leaves.length)
    const found = later.find((i) => this.leaves[i].dataset.key.startsWith("township:"))
    if (found !== undefined) this.show(found)
  }

  black() { this.root.classList.toggle("black") }

  toggle(name) { const part = this.part(name); part.hidden = !part.hidden }

  fullscreen() {
    if (document.fullscreenElement) { this.wasFull = false; document.exitFullscreen() } else this.root.requestFullscreen().catch(() => {})
  }

  timer() {
    this.isTiming = !this.isTiming
    this.part(".clock").hidden = false
    this.tick(0)
  }

  auto() {
    this.autoAt = this.autoAt ? 0 : performance.now()
    this.part(".clock").hidden = false
    this.tick(0)
  }

  tick(seconds = 1) {
    if (this.isTiming) this.spent += seconds
    if (this.autoAt && performance.now() - this.autoAt >= AUTO_SECONDS * 1000) {
      if (this.index + 1 < this.leaves.length) this.turn(1)
      else this.autoAt = 0
    }
    const clock = this.part(".clock")
    if (!clock || clock.hidden) return
    const left = this.minutes * 60 - this.spent
    const said = left >= 0 ? `剩余 ${clockText(left)}` : `超时 ${clockText(left)}`
    clock.textContent = `${this.autoAt ? "自动翻页 · " : ""}${this.isTiming ? "" : "暂停 · "}${said} / ${this.minutes}分钟`
    clock.classList.toggle("late", left <= WARN_SECONDS)
  }

  keep(method) {
    if (method === "PUT" && performance.now() - this.keptAt < KEEP_MS && this.keptAt) return
    this.keptAt = performance.now()
    return fetch("/session", { method, credentials: "same-origin", keepalive: true, cache: "no-store" }).catch(() => {})
  }

  leave() {
    this.isLeaving = true
    let from = this.back
    try {
      const came = new URL(document.referrer)
      if (came.origin === location.origin && came.pathname !== location.pathname && !/^\/(sign-in|password)/.test(came.pathname)) from = came.href
    } catch { /* no referrer: opened by itself */ }
    this.keep("DELETE")
    location.assign(from)
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act = this.action(event)
    if (!act) return
    event.preventDefault()
    event.stopPropagation()
    if (event.key < "0" || event.key > "9") this.typed = event.key === "Enter" ? this.typed : ""
    act()
    this.typed = event.key === "Enter" ? "" : this.typed
    if (!this.isLeaving) this.keep("PUT")
  }

  action(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    if (/^\d$/.test(key)) return () => { this.typed = (this.typed + key).slice(-3) }
    return {
      ArrowRight: () => this.turn(1), ArrowDown: () => this.turn(1), PageDown: () => this.turn(1),
      " ": () => this.turn(event.shiftKey ? -1 : 1),
      Enter: () => (this.typed ? this.show(Number(this.typed) - 1) : this.turn(1)),
      ArrowLeft: () => this.turn(-1), ArrowUp: () => this.turn(-1), PageUp: () => this.turn(-1), Backspace: () => this.turn(-1),
      Home: () => this.show(0), End: () => this.show(this.leaves.length - 1),
      Escape: () => (this.part(".keys").hidden ? this.leave() : this.toggle(".keys")),
      Tab: () => {}, j: () => this.nextTownship(), f: () => this.fullscreen(), t: () => this.timer(), a: () => this.auto(),
      n: () => this.toggle(".say"), b: () => this.black(), ".": () => this.black(),
      "?": () => this.toggle(".keys"), "？": () => this.toggle(".keys"),
      "+": () => { this.minutes += 5; this.tick(0) }, "=": () => { this.minutes += 5; this.tick(0) },
      "-": () => { this.minutes = Math.max(5, this.minutes - 5); this.tick(0) },
    }[key]
  }

  stop() {
    clearInterval(this.beat)
    clearTimeout(this.hinting)
    document.removeEventListener("keydown", this.onKey, true)
    document.removeEventListener("fullscreenchange", this.onScreen)
    this.root.removeEventListener("click", this.onClick)
    this.outside.forEach((part) => { part.inert = false })
    if (!this.isLeaving) this.keep("DELETE")
  }
}

export default function ({ parentElement, data }) {
  let stage = stages.get(parentElement)
  if (stage) stage.fill(data)
  else {
    stage = new Stage(parentElement.querySelector(".gov-presenter"), data)
    stages.set(parentElement, stage)
  }
  return () => {
    stage.stop()
    stages.delete(parentElement)
  }
}
