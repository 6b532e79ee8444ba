const name = 'arpg.theme';
const themes = ['auto', 'light', 'dark'];

/** The chosen theme: auto follows the system. */
export function theme() {
  const stored = localStorage.getItem(name);
  return themes.includes(stored) ? stored : 'auto';
}

/** Takes the next theme. */
export function nextTheme() {
  localStorage.setItem(name, themes[(themes.indexOf(theme()) + 1) % themes.length]);
  show();
}

function show() {
  document.documentElement.dataset.theme = theme();
}

show();
