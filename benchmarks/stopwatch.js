// Runs in every page before its own scripts: notes when the body last changed, charts and canvases included.
(() => {
  const CHART = ".stVegaLiteChart", BOX = "[data-testid=stElementContainer]", BODY = "[data-testid=stMain]"
  const QUIET_MS = 400, MOST_MS = 45000, LOST_MS = 5000
  const watch = (window.stopwatch = { figures: 0, last: 0, ran: true })

  const note = (node) => {
    const element = node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement
    if (!element?.closest(BODY)) return
    watch.last = performance.now()
    watch.what = element
    if (!element.querySelector(CHART) && !element.closest(BOX)?.querySelector(CHART)) watch.figures = watch.last
  }
  const state = () => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState

  new MutationObserver((records) => {
    for (const record of records) {
      if (record.attributeName === "data-test-script-state" && state() !== "notRunning") watch.ran = true
      if (record.addedNodes.length) record.addedNodes.forEach(note)
      else note(record.target)
    }
  }).observe(document, { childList: true, subtree: true, attributes: true, characterData: true })

  // a chart that only gets other data draws on its canvas and leaves the document as it was
  for (const name of ["clearRect", "restore"]) {
    const draw = CanvasRenderingContext2D.prototype[name]
    CanvasRenderingContext2D.prototype[name] = function (...given) {
      note(this.canvas)
      return draw.apply(this, given)
    }
  }

  watch.stands = (began) =>
    new Promise((done, fail) => {
      const look = setInterval(() => {
        const now = performance.now()
        const stands = watch.ran && watch.last && state() === "notRunning" && document.querySelector("footer.gov-foot")
        if (now - began > (watch.ran ? MOST_MS : LOST_MS)) {
          clearInterval(look)
          const what = watch.what?.outerHTML?.slice(0, 300)
          fail(new Error(watch.ran ? `no rest: ${state()}, ${now - watch.last} ms since ${what}` : "click lost"))
        }
        if (!stands || now - watch.last < QUIET_MS) return
        clearInterval(look)
        done({ figures: (watch.figures || watch.last) - began, last: watch.last - began })
      }, 50)
    })
  watch.click = (element) => {
    Object.assign(watch, { figures: 0, last: 0, ran: false })
    const began = performance.now()
    element.click()
    return watch.stands(began)
  }
})()
