#!/bin/sh
# Adds DigitDesk to the applications of this user, as it lies here; "install.sh --remove" takes it
# out again. Nothing is copied but a menu entry and an icon, and nothing needs root.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/digitdesk.desktop
icon=$data/icons/hicolor/256x256/apps/digitdesk.png
command=$HOME/.local/bin/digitdesk

refresh() { # menus notice by themselves in a while; these make it at once, where they exist
  if command -v update-desktop-database >/dev/null; then
    update-desktop-database "$data/applications" 2>/dev/null || true
  fi
}

if [ "${1:-}" = --remove ]; then
  rm -f "$entry" "$icon"
  # Only a link of our own making is removed.
  if [ -L "$command" ] && [ "$(basename "$(readlink "$command")")" = DigitDesk ]; then rm -f "$command"; fi
  refresh
  echo "DigitDesk is no longer in your menu. Your models and settings are untouched; delete $here to remove the program."
  exit 0
fi

# Quoting of a desktop entry: first for its Exec line (\ " \` $ %), then for the file (\ again).
quoted=$(printf '%s' "$here/DigitDesk" | sed -e 's/[\\"`$]/\\&/g' -e 's/%/%%/g' -e 's/\\/\\\\/g')
mkdir -p "$(dirname "$entry")" "$(dirname "$icon")" "$(dirname "$command")"
cp "$here/digitdesk.png" "$icon"
while IFS= read -r line; do
  case $line in
  Exec=*) printf 'Exec="%s"\n' "$quoted" ;;
  *) printf '%s\n' "$line" ;;
  esac
done <"$here/digitdesk.desktop" >"$entry"
if [ ! -e "$command" ] || [ -L "$command" ]; then ln -sf "$here/DigitDesk" "$command"; fi
refresh
echo "DigitDesk is in your menu, and 'digitdesk' on your command line (if ~/.local/bin is in PATH)."
echo "To take it out: '$here/install.sh' --remove"
