"use strict";
// What all pages have: the results, and how they are drawn anew when the window or its colours change.
const results = JSON.parse(document.getElementById("results").textContent);
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const element = (name, text, attributes) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  Object.entries(attributes || {}).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
};
const number = value => {
  if (value === null || value === undefined) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(Math.min(3, Math.max(0, 3 - (Math.floor(Math.log10(size)) + 1))));
};
const draws = [];
const main = document.getElementById("main");
const machine = results.environment;
document.getElementById("machine").textContent =
  `${machine.cpu}, ${machine.cores} cores, ${machine.memory_mb.toLocaleString("en-US")} MB, ${machine.kernel}, ${machine.jdk}, `
  + `commit ${machine.commit}, ${machine.date}, load ${number(machine.load_average)} when it began`
  + (results.quick ? "; a quick run" : "");
const axis = more => ({ stroke: css("--soft"), grid: { stroke: css("--line"), width: 1 }, ticks: { show: false },
  font: "11px system-ui, sans-serif", ...more });

function drawAll() {
  const redraw = () => draws.forEach(draw => draw());
  let width = 0;
  const resized = () => {
    if (width !== document.body.clientWidth) {
      width = document.body.clientWidth;
      redraw();
    }
  };
  resized();
  window.addEventListener("resize", resized);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}
