import assert from "node:assert/strict";
import { test } from "node:test";
import { about, picture } from "../src/pictures";

const origin = "https://chat.example";

for (const [name, address] of [
  ["/parts/healing-abutment.svg", `${origin}/parts/healing-abutment.svg`],
  ["healing-abutment", `${origin}/parts/healing-abutment.svg`],
  ["https://evil.example/x.png", null],
  ["//evil.example/parts/x.svg", null],
  ["/parts/../api/x.svg", null],
  ["javascript:alert(1)", null],
  ["", null],
  [null, null],
  [undefined, null],
] as const) {
  test(`the picture ${name}`, () => assert.equal(picture(name, origin), address));
}

test("a picture leads to its part on the page of parts", () => {
  assert.equal(about("/parts/implant.svg", origin, "es"), `${origin}/parts?lang=es#implant`);
});
