#!/usr/bin/env bash
# Bundles the editors of the extension's test pages into build/editors, where npm can be had. Never fails: without
# them, the tests that need them say so.
set -uo pipefail

cd "$(dirname "$0")/.."
source=tests/pages/editors
target=build/editors
made=$target/site/editors.js

if [ -s "$made" ] && [ "$made" -nt "$source/editors.js" ] && [ "$made" -nt "$source/package.json" ]; then exit 0; fi
if ! command -v npm >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends nodejs npm; } >/dev/null 2>&1
fi
if ! command -v npm >/dev/null; then
  echo "There is no npm to be had here: the extension isn't tried in ProseMirror, Tiptap, Quill, Lexical, CodeMirror and React."
  exit 0
fi
echo "Getting editors for the extension's tests …"
mkdir -p "$target/site"
cp "$source/package.json" "$source/editors.js" "$target/"
if ! (cd "$target" && timeout 600 npm install --no-audit --no-fund --no-package-lock --loglevel=error) >/dev/null 2>&1 ||
  ! (cd "$target" && node_modules/.bin/esbuild editors.js --bundle --minify --outfile=site/editors.js --log-level=error); then
  rm -f "$made"
  echo "The editors could not be installed: the extension isn't tried in them."
fi
exit 0
