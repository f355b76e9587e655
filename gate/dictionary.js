// Streamlit's front end speaks English only. This tells it that the reader is Chinese (dates, lists, calendars follow
// the browser's language) and puts what is left into Chinese as it appears: texts, tooltips, placeholders, labels.
{
  const WORDS = {
    "Skip to main content": "跳到正文",
    "Main menu": "主菜单", Sidebar: "侧边栏", "Expand sidebar": "展开侧边栏", "Collapse sidebar": "收起侧边栏",
    "App pages": "页面目录", "App Logo": "标志", "Sidebar Logo": "标志", "Header Logo": "标志", Logo: "标志",
    "Streamlit logo": "标志", "Navigate to home page": "回到首页", "Link to heading": "本节链接",
    Rerun: "重新运行", "Always rerun": "总是重新运行", "Auto rerun": "自动重新运行", Print: "打印", Settings: "设置",
    Theme: "主题", Light: "浅色", Dark: "深色", System: "跟随系统", "Choose app theme": "选择主题", "Custom Theme Auto": "跟随系统",
    "Custom Theme Light": "浅色", "Custom Theme Dark": "深色", About: "关于", "Get help": "获取帮助", "Report a bug": "报告问题",
    "Clear cache": "清除缓存", "Clear caches": "清除缓存", "Record a screencast": "录制屏幕", "Button action menu": "更多操作",
    Stop: "停止", "Stop script": "停止运行", "Stopping...": "正在停止…", "Running...": "正在更新…", "Please wait...": "请稍候…",
    "Loading...": "正在载入…", CONNECTING: "正在连接", Connecting: "正在连接", "File change.": "文件已更新。",
    "Connection error": "连接中断", "Connection closed": "连接已断开", "Connection timed out": "连接超时",
    "Connection timed out.": "连接超时。", "Reconnected to server.": "已重新连接。",
    "Unable to connect to Streamlit server": "无法连接服务器", "Connecting to Streamlit server": "正在连接服务器",
    "Streamlit server is not responding. Are you connected to the internet?": "服务器没有响应，请检查网络连接；恢复后页面会自动重新连接。",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:":
      "服务器可能已停止。请稍候，页面会自动重新连接；仍不恢复时请联系县治理办。",
    "Connection lost. Please wait for the app to reconnect, then try again.": "连接中断，请等页面重新连接后再试一次。",
    "Bad message format": "收到的数据不完整", "Script execution error": "页面运行出错", "Network error": "网络出错",
    "An error has occurred, please try again.": "出错了，请再试一次。", "Unknown error": "未知错误", "Unknown Error": "未知错误",
    "Page not found": "没有这个页面", "The page that you have requested does not seem to exist": "您要打开的页面不存在",
    "Request timed out": "请求超时", "Request aborted": "请求已取消", "Failed to load data": "数据载入失败",
    Error: "出错了", "Error:": "出错：", Warning: "注意", Info: "提示", Success: "完成", Notifications: "通知",
    Close: "关闭", Cancel: "取消", "Cancel (Escape)": "取消", OK: "确定", Done: "完成", Dismiss: "关闭", "Learn more": "了解更多",
    "Try again": "再试一次", Retry: "重试", "Don't show again": "不再显示", Copy: "复制", Copied: "已复制",
    "Copy to clipboard": "复制", "Show more": "展开", "Show less": "收起",
    Fullscreen: "全屏", "View fullscreen": "全屏", "Close fullscreen": "退出全屏", "Exit fullscreen": "退出全屏",
    "Show chart": "看图", "Show data": "看数据", "Vega visualization": "图表", visualization: "图表", "Copy Vega-Lite spec": "复制图表定义", "Download as PNG": "下载图片",
    "Download as CSV": "下载表格", Download: "下载", "Download failed": "下载失败", Search: "搜索", "Type to search": "输入文字搜索",
    "Close Search": "关闭搜索", "Next Result": "下一个", "Previous Result": "上一个", "Show/hide columns": "显示或隐藏列",
    "Select all": "全选", "Clear selection": "取消选择", "Add row": "添加行", "Delete row(s)": "删除行", "Delete rows": "删除行",
    "Dataframe column menu": "列菜单", "Copy column name": "复制列名", "Sort ascending": "升序", "Sort descending": "降序",
    Format: "格式", Autosize: "自动列宽", "Pin column": "固定此列", "Unpin column": "取消固定", "Hide column": "隐藏此列",
    Statistics: "统计", Automatic: "自动", Localized: "按地区", Plain: "原样", Compact: "缩写", Dollar: "美元", Euro: "欧元",
    Yen: "日元", Percent: "百分数", Scientific: "科学记数", Accounting: "会计", Distance: "相对时间", Calendar: "日历",
    Duration: "时长", Sum: "合计", Average: "平均", Median: "中位数", Minimum: "最小", Maximum: "最大", Count: "个数",
    Distinct: "不同值", Empty: "空", "Standard deviation": "标准差", empty: "空", "No content": "没有内容", "No data": "没有数据",
    "No results": "没有结果", "No options": "没有可选项", "No options to select": "没有可选项",
    "No options to select.": "没有可选项", "Choose an option": "请选择", "Choose options": "请选择", "Choose an option or add a new one": "请选择",
    "Select...": "请选择", "Clear all": "全部清除", "Clear value": "清除", "Clear entry": "清除", Open: "展开",
    "Selected values": "已选", "Show suggestions": "显示选项", Suggestions: "选项", Selectbox: "下拉选择", Multiselect: "多选",
    "Selectbox options": "可选项", "Multiselect options": "可选项", "All selected options have been cleared.": "已全部清除。",
    "Choose date": "选择日期", "Choose date range": "选择日期范围", "Clear date": "清除日期", "Clear dates": "清除日期",
    "Next month": "下个月", "Previous month": "上个月", "Next page": "下一页", "Previous page": "上一页", Pagination: "分页",
    "Quick select a date range": "快速选择", "Date range": "日期范围", "Start Date": "开始日期", "End Date": "结束日期",
    None: "无", "Past Week": "近一周", "Past Month": "近一个月", "Past 3 Months": "近三个月", "Past 6 Months": "近六个月",
    "Past Year": "近一年", "Past 2 Years": "近两年", "Start date must be before end date.": "开始日期应早于结束日期。",
    "Selected date unavailable.": "不能选择这一天。",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.": "用方向键选日期，回车确定，按退出键关闭。",
    "Press Enter to apply": "按回车确定", "Press Enter to submit form": "按回车提交", Increment: "增加", Decrement: "减少",
    "Number is above the allowed range.": "数值过大。", "Number is below the allowed range.": "数值过小。",
    "Show password": "显示密码", "Hide password": "隐藏密码",
    Upload: "选择文件", "Browse files": "选择文件", "Add files": "继续添加文件", "file upload": "选择文件", "File uploader": "选择文件", "Upload failed": "上传失败",
    "Drag and drop a file here": "把文件拖到这里", "Drag and drop files here": "把文件拖到这里", "Error uploading file": "上传失败",
    "Drag and drop file here": "把文件拖到这里", "Error deleting file": "移除失败", "Scroll tabs left": "向左", "Scroll tabs right": "向右",
    Help: "说明", "More options": "更多", "Toolbar action": "操作", "Enter a value": "请输入", Toolbar: "工具栏", alert: "提示",
  }
  const PHRASES = [
    [/^(.+?) per file$/, (_, size) => `每个文件不超过 ${size.replace(/\.0(?=\D)/, "")}`],
    [/^Limit (.+?) per file(.*)$/, (_, size, rest) => `每个文件不超过 ${size}${rest}`],
    [/^File must be (.+?) or smaller\.?$/, (_, size) => `文件不能超过 ${size}。`],
    [/^.+? files are not allowed\.?$/, () => "不能上传这种文件。"],
    [/^Remove (.+)$/, (_, name) => `移除 ${name}`],
    [/^Help for (.+)$/, (_, name) => `${name}：说明`],
    [/^Selected (.+?)\. (.+)$/, (_, name, label) => `已选 ${name}。${label}`],
    [/^Selected Date: (.+)$/, (_, date) => `已选日期：${chineseDay(date)}`],
    [/^Selected Range: (.+) to (.+)$/, (_, from, to) => `已选：${chineseDay(from)}至${chineseDay(to)}`],
    [/^Choose date(?: range)?, (.+)$/, (_, month) => `选择日期，${month}`],
    [/^(year|month|day), (.+)$/, (_, part, label) => `${label}：${PARTS[part]}`],
    [/^0?(\d+) – [A-Z][a-z]+$/, (_, month) => `${month}月`],
    [/^(yyyy|mm|dd)$/, (_, part) => PARTS[part]],
    [/^Select (\d+) matches$/, (_, n) => `选择这 ${n} 项`],
    [/^(.+) start date$/, (_, name) => `${name}：开始日期`],
    [/^(.+) end date$/, (_, name) => `${name}：结束日期`],
    [/^(\d+) options? available\.$/, (_, n) => `共 ${n} 项`],
    [/^Entered group (.+?), with (\d+) options?\..*$/, (_, name, n) => `${name}，${n} 项`],
    [/^(\d+) results?$/, (_, n) => `${n} 个结果`],
    [/^(\d+) of (\d+)$/, (_, n, all) => `第 ${n} 个，共 ${all} 个`],
    [/^View (\d+) more$/, (_, n) => `再看 ${n} 项`],
    [/^View less$/, () => "收起"],
    [/^Number is above the allowed range\. .*?([-\d.]+)\.$/, (_, most) => `数值应不大于 ${most}。`],
    [/^Number is below the allowed range\. .*?([-\d.]+)\.$/, (_, least) => `数值应不小于 ${least}。`],
    [/^Number is outside the allowed range\. .*?([-\d.]+) and ([-\d.]+)\.$/, (_, least, most) => `数值应在 ${least} 至 ${most} 之间。`],
    [/^You can only select up to (\d+) options?.*$/, (_, n) => `最多选 ${n} 项`],
    [/^(?:Connection failed|Request failed|Response received) with status (\d+).*$/, (_, n) => `服务器返回状态 ${n}`],
    [/^[a-z ]+ icon$/, () => "图标"],
    [/^(.+), selected$/, (_, name) => `${name}，已选`],
  ]
  const PARTS = { year: "年", month: "月", day: "日", yyyy: "年", mm: "月", dd: "日" }
  const chineseDay = (text) => {
    const date = new Date(text)
    return Number.isNaN(date.valueOf()) ? text : `${date.getFullYear()}年${date.getMonth() + 1}月${date.getDate()}日`
  }
  const ATTRIBUTES = ["aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "title", "placeholder", "alt"]
  const OURS = "[data-testid=stHtml], [data-testid=stMarkdown], script, style, noscript"

  const PICTURE = "[data-testid=stVegaLiteChart]"
  const place = (element) => element.closest("[data-testid=stElementContainer]")
  // A chart is one picture to a screen reader: its label is the sentence that stands, unseen, in the element before it.
  const labelPicture = (picture) => {
    const says = picture && place(picture)?.previousElementSibling?.querySelector("[data-says]")?.dataset.says
    if (!says || (picture.getAttribute("aria-label") === says && picture.getAttribute("role") === "img")) return
    picture.removeAttribute("aria-roledescription")
    picture.setAttribute("role", "img")
    picture.setAttribute("aria-label", says)
  }

  const chinese = (text) => {
    const words = text.trim()
    if (!/[A-Za-z]{2}/.test(words)) return text
    let said = Object.hasOwn(WORDS, words) ? WORDS[words] : words
    if (said === words) for (const [english, put] of PHRASES) if (english.test(words)) { said = words.replace(english, put); break }
    return said === words ? text : text.replace(words, () => said)
  }
  const speakText = (node) => {
    const said = chinese(node.data)
    if (said !== node.data && !node.parentElement?.closest(OURS)) node.data = said
  }
  const speakAttributes = (element) => {
    if (element.matches("svg.marks, canvas.marks")) element.setAttribute("aria-hidden", "true") // its marks have no names
    if (element.matches(PICTURE)) labelPicture(element)
    if (element.matches("[data-says]")) labelPicture(place(element)?.nextElementSibling?.querySelector(PICTURE))
    for (const name of ATTRIBUTES) {
      const held = element.getAttribute(name)
      if (held === null) continue
      const said = chinese(held)
      if (said !== held) element.setAttribute(name, said)
    }
  }
  const speak = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return speakText(root)
    if (root.nodeType !== Node.ELEMENT_NODE) return
    speakAttributes(root)
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT)
    while (walker.nextNode()) walker.currentNode.nodeType === Node.TEXT_NODE ? speakText(walker.currentNode) : speakAttributes(walker.currentNode)
  }

  Object.defineProperty(navigator, "language", { get: () => "zh-CN" })
  Object.defineProperty(navigator, "languages", { get: () => ["zh-CN", "zh"] })
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(speak)
      else if (change.type === "characterData") speakText(change.target)
      else speakAttributes(change.target)
    }
  }).observe(document.documentElement, {
    childList: true, characterData: true, subtree: true, attributes: true, attributeFilter: ATTRIBUTES,
  })
}
