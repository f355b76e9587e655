#!/bin/sh
# Bring what the tests need and pip cannot give: a Chromium, a Chinese font, LibreOffice and poppler (they open what
# reports/ writes), nginx (the proxy of deploy/) and systemd-analyze (its units).
# Nothing here fails: a test whose tool is missing says so itself (and fails when CI=true).
bin=$1
packages=""
has() { command -v "$1" >/dev/null 2>&1; }
chromium() { has chromium || has chromium-browser || has google-chrome || ls "$HOME"/.cache/ms-playwright/chromium-*/chrome-linux*/chrome >/dev/null 2>&1; }
font() { fc-list :lang=zh 2>/dev/null | grep -q .; }
chromium || timeout 120 "$bin/playwright" install chromium >/dev/null 2>&1
chromium || packages="chromium"
font || packages="$packages fontconfig fonts-wqy-microhei"
has soffice || packages="$packages libreoffice-writer libreoffice-calc libreoffice-impress"
has pdftotext || packages="$packages poppler-utils"
has nginx || [ -x /usr/sbin/nginx ] || packages="$packages nginx-light"
has openssl || packages="$packages openssl"
has systemd-analyze || packages="$packages systemd"
[ -n "$packages" ] || exit 0
[ "$(id -u)" = 0 ] && sudo="" || sudo="sudo -n"
if has apt-get; then
    echo "installing$packages" >&2
    { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages; } >/dev/null 2>&1
elif has dnf; then
    echo "installing$packages" >&2
    $sudo dnf install -y $(echo "$packages" | sed 's/fonts-wqy-microhei/wqy-microhei-fonts/; s/nginx-light/nginx/') >/dev/null 2>&1
fi
exit 0
