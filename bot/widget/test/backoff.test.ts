import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff, Pause } from "../src/backoff";

for (const [chance, waits] of [
  [0, [1_000, 2_000, 4_000, 8_000, 8_000]],
  [1, [500, 1_000, 2_000, 4_000, 4_000]],
] as const) {
  test(`waits double up to the longest, less a share of chance ${chance}`, () => {
    const backoff = new Backoff(1_000, 8_000, () => chance);
    assert.deepEqual(
      waits.map(() => backoff.next()),
      waits,
    );
    backoff.reset();
    assert.equal(backoff.next(), waits[0]);
  });
}

test("a pause can be ended early, and an ended one does not shorten the next", async () => {
  const pause = new Pause();
  const long = pause.wait(60_000);
  pause.end();
  await long;
  pause.end();
  const started = performance.now();
  await pause.wait(30);
  assert.ok(performance.now() - started >= 25);
});
