// Sets the chosen theme before the first paint, so that nobody sees a white flash at night.
// A file of its own because the Content-Security-Policy allows no inline script.
;(() => {
  let choice = null
  try {
    choice = localStorage.getItem('quire.theme')
  } catch {
    choice = null // storage is forbidden here: follow the system
  }
  const dark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
})()
