// What a page is measured by, in the browser itself. Each fault is one line that a person can act on.
//
// The rules. Text: each node of text that is seen has at least `text` px; in large print its lines are at least 1.3 of that
// apart. Targets: the box of whatever can be pressed is at least `target` px both ways. Left out are only links inside running
// text (an inline `a` with words beside it in the same line box), which may be as high as their line. Contrast: at least 4.5
// to 1 by the colours that the browser computed, whatever the size; where a picture lies behind a text, axe has the word.
// Large print besides: no strip that only a swipe moves, no text cut off, words on every button and no ¥.

/** Runs in the page. `limits`: { text, target, elder }. */
export function measure(limits) {
  const faults = [];
  const say = (what, element, extra = '') => {
    const words = (element.textContent || element.getAttribute('aria-label') || '').trim().replace(/\s+/g, ' ').slice(0, 14);
    const name = `${element.tagName.toLowerCase()}${[...element.classList].map((each) => `.${each}`).slice(0, 2).join('')}`;
    faults.push(`${what}${extra} at ${name} "${words}"`);
  };
  const isUnseen = (element) => {
    if (element.closest('.xj-unseen, [hidden]')) return true;
    if (typeof element.checkVisibility === 'function' && !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return true;
    const box = element.getBoundingClientRect();
    return box.width <= 1 || box.height <= 1;
  };
  // A page under an open sheet that covers the screen is not what the person sees.
  const over = [...document.querySelectorAll('.van-popup, .xj-region, .filter')].filter((each) => !isUnseen(each));
  const isCovered = (element) => over.length > 0 && !over.some((each) => each.contains(element));

  // ---- sideways ----
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide > 0) faults.push(`the page scrolls sideways by ${wide} px`);

  // ---- colours ----
  const parse = (text) => {
    const found = /rgba?\(([^)]+)\)/.exec(text);
    if (!found) return [0, 0, 0, 0];
    const [r, g, b, a = 1] = found[1].split(/[\s,/]+/).map(Number);
    return [r, g, b, a];
  };
  const mix = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3]));
  const light = ([r, g, b]) => {
    const part = (value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ratio = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  // The ground behind an element; null where a picture is part of it.
  const groundOf = (element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (style.backgroundImage !== 'none') return null;
      const colour = parse(style.backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
      if (style.position === 'absolute' && each.parentElement?.querySelector('img')) return null;
    }
    return layers.reverse().reduce((under, top) => mix(top, under), [255, 255, 255]);
  };
  const checkContrast = (element, colour) => {
    const ground = groundOf(element);
    if (!ground) return;
    const found = ratio(mix(colour, ground), ground);
    if (found < 4.5) say('contrast ', element, found.toFixed(2));
  };

  // ---- text ----
  const seen = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || ['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEXTAREA'].includes(element.tagName)) continue;
    if (limits.elder && /¥/.test(node.textContent) && document.documentElement.lang !== 'en') say('¥ instead of 元', element);
    if (seen.has(element) || isUnseen(element) || isCovered(element)) continue;
    seen.add(element);
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    if (size < limits.text - 0.01) say('text of ', element, `${size} px`);
    checkContrast(element, parse(style.color));
    if (!limits.elder) continue;
    const line = style.lineHeight === 'normal' ? 0 : parseFloat(style.lineHeight);
    if (line < size * 1.3 - 0.1) say('lines ', element, `${(line / size).toFixed(2)} apart`);
    if (style.overflowX === 'hidden' && element.scrollWidth > element.clientWidth + 1) say('cut off', element);
  }
  for (const field of document.querySelectorAll('input, textarea')) {
    if (isUnseen(field) || isCovered(field) || ['checkbox', 'radio', 'file'].includes(field.type)) continue;
    const size = parseFloat(getComputedStyle(field).fontSize);
    if (size < limits.text - 0.01) say('field of ', field, `${size} px`);
    if (field.placeholder) checkContrast(field, parse(getComputedStyle(field, '::placeholder').color));
  }

  // ---- what can be pressed ----
  const isInText = (element) => {
    if (element.tagName !== 'A' || getComputedStyle(element).display !== 'inline') return false;
    return [...element.parentElement.childNodes].some((node) => node !== element && node.nodeType === 3 && node.textContent.trim());
  };
  const pressed = 'a[href], button, input, textarea, select, summary, [role=button], [role=link], [role=switch], [role=tab], [role=checkbox], [role=radio]';
  for (const element of document.querySelectorAll(pressed)) {
    if (isUnseen(element) || isCovered(element) || element.closest('[aria-hidden=true]') || element.classList.contains('van-overlay')) continue;
    const box = element.getBoundingClientRect();
    if (!isInText(element) && (box.width < limits.target - 0.6 || box.height < limits.target - 0.6))
      say('target of ', element, `${Math.round(box.width)} x ${Math.round(box.height)}`);
    if (limits.elder && ['A', 'BUTTON'].includes(element.tagName) && !element.innerText.trim()) say('no words', element);
  }

  // ---- what only a swipe moves ----
  if (limits.elder)
    for (const element of document.querySelectorAll('body *')) {
      if (element.scrollWidth <= element.clientWidth + 1 || isUnseen(element) || isCovered(element)) continue;
      if (['auto', 'scroll'].includes(getComputedStyle(element).overflowX) && element.tagName !== 'TEXTAREA') say('moves by a swipe only', element);
    }
  return [...new Set(faults)];
}
