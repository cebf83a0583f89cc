import assert from "node:assert/strict";
import { test } from "node:test";
import { linked } from "../src/linked";

const clinic = {
  name: "A",
  phone: "555-010-0001",
  oncall_phone: "(555) 010.0002",
  emergency_number: "911",
  crisis_line: "988",
  open: true,
};
const origin = "https://chat.example";

for (const [text, links] of [
  ["Call 555-010-0001, or (555) 010.0002 at night.", ["tel:5550100001", "tel:5550100002"]],
  ["In an emergency call 911.", ["tel:911"]],
  ["911 or 988", ["tel:911", "tel:988"]],
  ["It cost 1911 dollars, in 911-A, at 9-911", []],
  [
    "See /parts#healing-abutment, or https://chat.example/parts",
    [`${origin}/parts?lang=es#healing-abutment`, `${origin}/parts?lang=es`],
  ],
  ["https://evil.example/parts https://chat.example.evil/parts", []],
  ["javascript:alert(1) <a href=x>y</a> [x](javascript:1) https://evil.example tel:123", []],
] as [string, string[]][]) {
  test(`links of: ${text}`, () => {
    const pieces = linked(text, { clinic, language: "es" }, origin);
    assert.equal(pieces.map((piece) => piece.text).join(""), text);
    assert.deepEqual(
      pieces.flatMap(({ href }) => href ?? []),
      links,
    );
  });
}
