// A button that copies this page's address with every filter as it stands, the as-of date written in full: the address
// bar leaves the newest day out, and that day will be another one when the link is opened.
const SAID_MS = 2000
const WORD = "复制链接"

function address(asOf) {
  const here = new URL(location.href)
  if (asOf && !here.searchParams.has("as_of")) here.searchParams.set("as_of", asOf)
  here.hash = ""
  return here.href
}

// Without HTTPS (a county network) the browser offers no clipboard: then the old way, by a selected text.
async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text)
      return true
    } catch {
      // refused: try the old way
    }
  }
  const field = document.createElement("textarea")
  field.value = text
  field.style.position = "fixed"
  field.style.opacity = "0"
  document.body.append(field)
  field.select()
  const done = document.execCommand("copy")
  field.remove()
  return done
}

export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button")
  button.onclick = async () => {
    const text = address(data.asOf)
    if (await copy(text)) button.textContent = "链接已复制"
    else window.prompt("请复制这个链接", text)
    setTimeout(() => {
      button.textContent = WORD
    }, SAID_MS)
  }
}
