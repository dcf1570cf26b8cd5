// Text that is cut off, or lies over other text, as lines of words; tests/browser/test_day_screens.py asks it in the page.
() => {
  const shown = (one) => one.checkVisibility({ opacityProperty: true }) && getComputedStyle(one).position !== "absolute";
  const worded = [...document.querySelectorAll("main *, .dock *, .bar *, dialog *")].filter((one) => shown(one) && !one.closest(".sr, svg, .cover")
    && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  const cut = worded.filter((one) => {
    const style = getComputedStyle(one);
    const hides = style.overflowX !== "visible" || style.overflowY !== "visible";
    return (hides && !/auto|scroll/.test(style.overflowX + style.overflowY) && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1))
      || one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".jump");
  });
  const boxes = worded.filter((one) => one.closest("main") && !one.closest(".dock, .top, .jump, .search") && !worded.some((other) => other !== one && one.contains(other)))
    .map((one) => [one, [...one.getClientRects()].filter((box) => box.width && box.height)]);
  const over = [];
  for (let n = 1; n < boxes.length; n++) {
    const [[a, ones], [b, others]] = [boxes[n - 1], boxes[n]];
    const meet = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 4
      && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 6;
    if (!a.contains(b) && !b.contains(a) && ones.some((one) => others.some((other) => meet(one, other)))) over.push(a.textContent.slice(0, 20) + " × " + b.textContent.slice(0, 20));
  }
  return [...cut.map((one) => `cut: ${one.tagName} ${one.className} ${one.textContent.slice(0, 30)}`), ...over.map((one) => "over: " + one)];
}
