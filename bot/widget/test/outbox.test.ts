import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused } from "../src/api";
import { type Entry, Outbox, type Shelf } from "../src/outbox";

class Memory implements Shelf {
  readonly values = new Map<string, string>();
  getItem = (key: string): string | null => this.values.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.values.set(key, value);
  removeItem = (key: string): void => void this.values.delete(key);
}

/** A gateway told what to do with each try: "ok", a status, "lost" (no answer), "hang" (stored, never answered). */
class Gateway {
  readonly got: string[] = [];
  constructor(private readonly script: (string | number)[]) {}
  send = async (entry: Entry): Promise<void> => {
    this.got.push(entry.text);
    const now = this.script.shift() ?? "ok";
    if (now === "lost") throw new TypeError("no line");
    if (typeof now === "number") throw new Refused(now, "refused", 1);
    if (now === "hang") await new Promise(() => undefined);
  };
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries += 1) {
    assert.ok(tries < 400, "waited too long");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function outbox(gateway: Gateway, shelf: Shelf | null = null): Outbox {
  return new Outbox(
    gateway.send,
    () => undefined,
    shelf,
    "box",
    () => 1,
  );
}

for (const [what, script, got] of [
  ["a good line", [], ["a", "b", "c"]],
  ["a lost line", ["lost", "ok", "lost"], ["a", "a", "b", "b", "c"]],
  ["a gateway in trouble", [500, 503, "ok"], ["a", "a", "a", "b", "c"]],
  ["too many at once", [429, "ok"], ["a", "a", "b", "c"]],
] as [string, (string | number)[], string[]][]) {
  test(`${what}: everything arrives, in order`, async () => {
    const gateway = new Gateway(script);
    const box = outbox(gateway);
    for (const text of ["a", "b", "c"]) box.add(text, text, null);
    for (let pushes = 0; box.entries.length; pushes += 1) {
      assert.ok(pushes < 400);
      await new Promise((resolve) => setTimeout(resolve, 5));
      box.go();
    }
    assert.deepEqual(gateway.got, got);
  });
}

for (const [status, photo, reason] of [
  [400, false, "refused"],
  [413, false, "refused"],
  [413, true, "photo_too_large"],
  [415, true, "photo_unreadable"],
] as [number, boolean, string][]) {
  test(`${status} ${photo ? "for a photo " : ""}fails for good, says why, and lets the next one pass`, async () => {
    const gateway = new Gateway([status]);
    const box = outbox(gateway);
    box.add("a", "a", photo ? new Blob() : null);
    box.add("b", "b", null);
    await until(() => gateway.got.length === 2 && box.entries.length === 1);
    assert.deepEqual([box.entries[0]?.state, box.entries[0]?.reason], ["failed", reason]);
    box.go();
    assert.equal(gateway.got.length, 2);
    box.go("a");
    await until(() => box.entries.length === 0);
    assert.deepEqual(gateway.got, ["a", "b", "a"]);
  });
}

test("what waits says why and how long", async () => {
  const box = outbox(new Gateway([429]));
  box.add("a", "a", null);
  await until(() => box.entries[0]?.state === "waiting");
  assert.deepEqual([box.entries[0]?.reason, box.entries[0]?.seconds], ["too_many", 2]);
  box.clear();
});

test("a message known to be stored lets the next one go before its answer is there", async () => {
  const gateway = new Gateway(["hang"]);
  const box = outbox(gateway);
  box.add("a", "a", null);
  box.add("b", "b", null);
  await until(() => gateway.got.length === 1);
  assert.deepEqual(gateway.got, ["a"]);
  box.settle("a");
  await until(() => box.entries.length === 0);
  assert.deepEqual(gateway.got, ["a", "b"]);
});

test("words not yet delivered survive a reload, photos do not, and nothing stays once they are", async () => {
  const shelf = new Memory();
  const first = outbox(new Gateway(["hang", "hang"]), shelf);
  first.add("a", "a", null);
  first.add("b", "with a photo", new Blob());
  assert.deepEqual(JSON.parse(shelf.getItem("box") ?? ""), [{ client_id: "a", text: "a" }]);
  const gateway = new Gateway([]);
  const second = outbox(gateway, shelf);
  second.go();
  await until(() => second.entries.length === 0);
  assert.deepEqual(gateway.got, ["a"]);
  assert.equal(shelf.values.size, 0);
});

test("a shelf with rubbish, or one that refuses, does no harm", async () => {
  const rubbish = new Memory();
  rubbish.setItem("box", "{not json");
  const refusing: Shelf = {
    getItem: () => {
      throw new Error("refused");
    },
    setItem: () => {
      throw new Error("refused");
    },
    removeItem: () => {
      throw new Error("refused");
    },
  };
  for (const shelf of [rubbish, refusing]) {
    const gateway = new Gateway([]);
    const box = outbox(gateway, shelf);
    box.add("a", "a", null);
    await until(() => box.entries.length === 0);
    assert.deepEqual(gateway.got, ["a"]);
  }
});
