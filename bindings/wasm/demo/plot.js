/* A line of history, the forecast and its interval, as SVG. */

const WIDTH = 800;
const HEIGHT = 320;
const MARGIN = { left: 64, right: 12, top: 12, bottom: 28 };
const SHOWN = 3; // times as much history as forecast at least
const CLOSE = 0.8; // of the width: from there on two times below would touch

const SVG = "http://www.w3.org/2000/svg";

function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Round numbers across a range: three to seven of them. */
export function ticks(low, high) {
  const span = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => span / size <= 6);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A path over points, broken where a number is missing. */
function path(numbers, x, y) {
  let pen = "M";
  return numbers
    .map((value, i) => {
      if (value === null) {
        pen = "M";
        return "";
      }
      const point = `${pen}${x(i).toFixed(1)},${y(value).toFixed(1)}`;
      pen = "L";
      return point;
    })
    .join("");
}

/** history: numbers or null; forecast, low, high: numbers; labelled: the times of all periods. */
export function plot({ title, history, forecast, low, high, labelled }) {
  const kept = Math.max(SHOWN * forecast.length, 60);
  const past = history.slice(-kept);
  const numbers = [...past, ...forecast, ...low, ...high].filter((value) => value !== null);
  const marks = ticks(Math.min(...numbers), Math.max(...numbers));
  const [least, most] = [Math.min(...numbers, ...marks), Math.max(...numbers, ...marks)];
  const steps = past.length + forecast.length - 1;
  const x = (i) => MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * i) / Math.max(steps, 1);
  const y = (value) => HEIGHT - MARGIN.bottom - ((HEIGHT - MARGIN.top - MARGIN.bottom) * (value - least)) / (most - least || 1);
  const ahead = (i) => x(past.length + i);
  const svg = element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title });
  for (const mark of marks) {
    svg.append(
      element("line", { x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: y(mark), y2: y(mark), stroke: "var(--rule)" }),
      element("text", { x: MARGIN.left - 6, y: y(mark) + 4, "text-anchor": "end" }, String(mark)),
    );
  }
  const back = [...high.keys()].reverse().map((i) => `L${ahead(i).toFixed(1)},${y(low[i]).toFixed(1)}`);
  svg.append(
    element("path", { d: `${path(high, ahead, y)}${back.join("")}Z`, fill: "var(--band)" }),
    element("path", { d: path(past, x, y), fill: "none", stroke: "currentColor" }),
    element("path", { d: path(forecast, ahead, y), fill: "none", stroke: "var(--line)", "stroke-width": 2 }),
  );
  const times = labelled.slice(-kept - forecast.length);
  const written = [[0, "start"], [past.length, "middle"], [steps, "end"]];
  for (const [i, anchor] of written.filter(([place, at]) => at !== "middle" || place < CLOSE * steps))
    svg.append(element("text", { x: x(i), y: HEIGHT - 8, "text-anchor": anchor }, times[i] ?? ""));
  return svg;
}
