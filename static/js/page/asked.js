// @ts-check
/*
 * Which part is asked for, known before the first line is drawn: the page holds the first part, and
 * must not show it where another one is on its way.
 */
document.documentElement.dataset.part = new URLSearchParams(location.search).get('part') ?? '';
