import assert from "node:assert/strict";
import { test } from "node:test";
import { colours } from "../src/colour";

for (const [wanted, expected] of [
  ["#0b6e6e", { colour: "#0b6e6e", ink: "#ffffff" }],
  ["#ffd54a", { colour: "#ffd54a", ink: "#000000" }],
  ["#777777", { colour: "#777777", ink: "#000000" }],
  ["#FFFFFF", { colour: "#FFFFFF", ink: "#000000" }],
  ["red; background: url(//evil)", { colour: "#0b5c73", ink: "#ffffff" }],
  [null, { colour: "#0b5c73", ink: "#ffffff" }],
] as const) {
  test(`writing on ${wanted}`, () => assert.deepEqual(colours(wanted), expected));
}
