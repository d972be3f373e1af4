// A classic script ahead of the style sheets, so that the first paint has the reader's theme.
document.documentElement.dataset.theme = localStorage.getItem('theme') ?? '';
