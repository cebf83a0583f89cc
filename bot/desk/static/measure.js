// Two points on something of a known size, two on the part: how long is it? Mouse, finger or keyboard.
"use strict";
(() => {
  const NAMESPACE = "http://www.w3.org/2000/svg";
  const root = document.getElementById("measure"), form = document.getElementById("ruler");
  const width = Number(root.dataset.width), height = Number(root.dataset.height);
  const coin = document.getElementById("coin"), own = document.getElementById("own"), reading = document.getElementById("reading");
  const START = { coin: [[0.2, 0.8], [0.4, 0.8]], part: [[0.55, 0.5], [0.75, 0.5]] };
  const NAMES = { coin: "the thing of a known size", part: "what is measured" };
  const radius = Math.max(width, height) / 45;

  const made = (name, attributes) => {
    const one = document.createElementNS(NAMESPACE, name);
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    return one;
  };
  const svg = made("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Points on the photo" });
  root.querySelector(".picture").append(svg);
  form.hidden = false;

  const lines = {}, points = {};
  for (const kind of ["coin", "part"]) {
    lines[kind] = made("line", { class: kind, "stroke-width": radius / 5 });
    svg.append(lines[kind]);
    points[kind] = START[kind].map((_, index) => {
      const group = made("g", {
        class: `point ${kind}`, tabindex: "0", role: "img",
        "aria-label": `Point ${index + 1} of ${NAMES[kind]}. Arrow keys move it.`,
      });
      group.append(made("circle", { r: radius, class: "grip" }), made("circle", { r: radius / 8, class: "dot" }));
      svg.append(group);
      return { group, x: 0, y: 0 };
    });
  }

  function place(point, x, y) {
    point.x = Math.min(Math.max(x, 0), width);
    point.y = Math.min(Math.max(y, 0), height);
    point.group.setAttribute("transform", `translate(${point.x} ${point.y})`);
  }
  const distance = ([a, b]) => Math.hypot(a.x - b.x, a.y - b.y);
  function show() {
    for (const [kind, [a, b]] of Object.entries(points)) {
      for (const [key, value] of Object.entries({ x1: a.x, y1: a.y, x2: b.x, y2: b.y })) lines[kind].setAttribute(key, value);
    }
    const known = Number((coin.value || own.value).replace(",", "."));
    const pixels = distance(points.coin);
    if (!(known > 0) || pixels < 1) reading.textContent = "Say how wide the known thing is";
    else reading.textContent = `about ${(distance(points.part) * known / pixels).toFixed(1)} mm`;
  }
  function begin() {
    for (const kind of ["coin", "part"]) points[kind].forEach((point, i) => place(point, START[kind][i][0] * width, START[kind][i][1] * height));
    document.getElementById("own-field").hidden = coin.value !== "";
    show();
  }
  for (const point of [...points.coin, ...points.part]) {
    const { group } = point;
    group.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      group.focus();
      group.setPointerCapture(event.pointerId);
    });
    group.addEventListener("pointermove", (event) => {
      if (!group.hasPointerCapture(event.pointerId)) return;
      const box = svg.getBoundingClientRect();
      place(point, (event.clientX - box.left) * width / box.width, (event.clientY - box.top) * height / box.height);
      show();
    });
    group.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!by) return;
      event.preventDefault();
      const step = (event.shiftKey ? 10 : 1) * Math.max(width / 1000, 1);
      place(point, point.x + by[0] * step, point.y + by[1] * step);
      show();
    });
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(begin));
  form.addEventListener("input", () => {
    document.getElementById("own-field").hidden = coin.value !== "";
    show();
  });
  begin();
})();
