#!/bin/sh
# Bring what the browser tests need and pip cannot give: a Chromium and a Chinese font.
# Nothing here fails: a test whose tool is missing says so itself (and fails when CI=true).
bin=$1
packages=""
chromium() { command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || ls "$HOME"/.cache/ms-playwright/chromium-*/chrome-linux*/chrome >/dev/null 2>&1; }
font() { fc-list :lang=zh 2>/dev/null | grep -q .; }
chromium || timeout 120 "$bin/playwright" install chromium >/dev/null 2>&1
chromium || packages="chromium"
font || packages="$packages fontconfig fonts-wqy-microhei"
[ -n "$packages" ] || exit 0
[ "$(id -u)" = 0 ] && sudo="" || sudo="sudo -n"
if command -v apt-get >/dev/null 2>&1; then
    echo "installing$packages" >&2
    { $sudo apt-get update && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends $packages; } >/dev/null 2>&1
elif command -v dnf >/dev/null 2>&1; then
    $sudo dnf install -y chromium fontconfig wqy-microhei-fonts >/dev/null 2>&1
fi
exit 0
