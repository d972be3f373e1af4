// A classic script before the style sheets, so that the first paint already has the chosen theme.
document.documentElement.dataset.theme = localStorage.getItem('theme') ?? '';
