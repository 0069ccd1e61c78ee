// Runs before the first paint, so that a chosen theme does not flash. The rest is in topbar.js.
try {
  const theme = window.localStorage.getItem("spruce/theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the page follows the system.
}
