// One step of one unit of an LSTM as sums that can be followed by hand.

import { element } from "./elements.js";

const GATES = [["input gate", "i"], ["forget gate", "f"], ["output gate", "o"], ["candidate", "g"]];

const number = (value) => value.toFixed(3);
const sum = (...parts) => parts.map(number).join(" + ").replaceAll("+ -", "- ");
const factor = (value) => (value < 0 ? `(${number(value)})` : number(value));

/** Rows of texts [what, formula, the numbers put in, what comes out]. `unit` holds the arrays of
 * UnitSteps (layers/recurrent.py). */
export function sumsOf(unit, step) {
  const gate = GATES.map((_, k) => unit.gates[4 * step + k]);
  const rows = GATES.map(([name, letter], k) => {
    const parts = [unit.from_input[4 * step + k], unit.from_hidden[4 * step + k], unit.bias[k]];
    const act = letter === "g" ? "tanh" : "σ";
    return [
      name, `${letter} = ${act}(w·x + u·h₋₁ + b)`, `${act}(${sum(...parts)})`, number(gate[k]),
    ];
  });
  const [i, f, o, g] = gate;
  const [before, c, h] = [unit.c_before[step], unit.c[step], unit.h[step]];
  return [
    ...rows,
    ["cell state", "c = f·c₋₁ + i·g",
      `${number(f)}·${factor(before)} + ${number(i)}·${factor(g)}`, number(c)],
    ["hidden state", "h = o·tanh(c)", `${number(o)}·tanh(${number(c)})`, number(h)],
  ];
}

export function showSums(card, title, unit, step) {
  card.hidden = false;
  card.querySelector(".card-title").textContent = title;
  card.querySelector("tbody").replaceChildren(
    ...sumsOf(unit, step).map(([what, formula, numbers, result]) => {
      const row = element("tr", "");
      row.append(Object.assign(element("th", "", what), { scope: "row" }));
      row.append(element("td", "", formula));
      row.append(element("td", "", `= ${numbers}`), element("td", "", `= ${result}`));
      return row;
    }),
  );
}
