// What the theme leaves out for those who hear pages or go through them by keys.
document.querySelectorAll('[role=dialog]').forEach(box => box.setAttribute('aria-label', '搜索'));
document.querySelectorAll('th:empty').forEach(cell => cell.replaceWith(document.createElement('td')));
document.querySelectorAll('.md-typeset__scrollwrap').forEach(box => {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
});
