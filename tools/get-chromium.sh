#!/usr/bin/env bash
# Finds a Chromium for the browser tests, or gets one where it can. Never fails: without one, the tests say so.
set -uo pipefail

python=${1:-python3}

if [ -n "${OKR_COACH_CHROMIUM:-}" ] && [ -x "$OKR_COACH_CHROMIUM" ]; then exit 0; fi
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
own=$("$python" -c 'from playwright.sync_api import sync_playwright as start
with start() as playwright: print(playwright.chromium.executable_path)' 2>/dev/null)
if [ -n "$own" ] && [ -x "$own" ]; then exit 0; fi

echo "Getting Chromium for the browser tests …"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  if { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1; then exit 0; fi
fi
if timeout 300 "$python" -m playwright install chromium >/dev/null 2>&1; then exit 0; fi
echo "There is no Chromium to be had here: install one, or name it in OKR_COACH_CHROMIUM."
exit 0
