// Light or dark, before the first paint. Follows the system until the person chooses.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("muos.theme");
  } catch {
    // storage is switched off: the system's choice stands
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
