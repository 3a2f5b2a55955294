import assert from "node:assert/strict";
import { test } from "node:test";
import { module } from "./transpiled.mjs";

const { Spool } = await module("resident/spool");

const MIB = 1 << 20;
const batch = (first, count, bytes = 10) => `[${`{"n":${first}}`.padEnd(bytes, " ")},${count}]`;

const bytes = (text) => Uint8Array.from(Buffer.from(text)).buffer;

class Disk {
  files = new Map(); // path → Buffer
  open = new Map();
  alive = new Set([7]);
  room = Infinity;
  next = 3;
  create(path) {
    if (this.files.has(path)) return null;
    this.files.set(path, Buffer.alloc(0));
    this.open.set(++this.next, path);
    return this.next;
  }
  write(file, at, data) {
    const path = this.open.get(file);
    const before = this.files.get(path);
    assert.equal(at, before.length, "a hole in the file");
    const bytes = Buffer.from(data);
    const taken = bytes.subarray(0, Math.max(0, this.room));
    this.room -= bytes.length;
    this.files.set(path, Buffer.concat([before, taken]));
    return taken.length === bytes.length;
  }
  close(file) {
    assert.ok(this.open.delete(file), "closed twice");
  }
  remove(path) {
    this.files.delete(path);
  }
  *lines(path) {
    const all = this.files.get(path) ?? Buffer.alloc(0);
    for (let at = 0; at < all.length; ) {
      const end = all.indexOf(10, at);
      if (end < 0) return;
      yield { at, size: end - at, text: all.subarray(at, end).toString() };
      at = end + 1;
    }
  }
  read(path, at, size) {
    return this.files.get(path).subarray(at, at + size);
  }
  lives(pid) {
    return this.alive.has(pid);
  }
}

const at = (disk, pid = 7) => new Spool(disk, "/spool", pid);
const texts = (spool, agent, from = 1, before = Infinity) => spool.batches(agent, from, before).map(({ read }) => read().toString());

test("what one process has written the next one finds, whole and in order", () => {
  const disk = new Disk();
  const first = at(disk, 7);
  first.append("A", 1, 2, bytes(batch(1, 2)));
  first.append("A", 3, 1, bytes('[{"é":"\\n"}]'));
  disk.alive.delete(7);
  const second = at(disk, 8);
  assert.deepEqual(second.left(), [{ agent: "A", first: 1, next: 4 }]);
  assert.deepEqual(texts(second, "A"), [batch(1, 2), '[{"é":"\\n"}]']);
  assert.deepEqual(texts(second, "A", 3), ['[{"é":"\\n"}]']);
  second.forget("A", Infinity);
  assert.equal(disk.files.size, 0);
});

test("what is acknowledged is forgotten, and its file with it", () => {
  const disk = new Disk();
  const spool = at(disk);
  spool.append("A", 1, 2, bytes(batch(1, 2)));
  spool.append("A", 3, 2, bytes(batch(3, 2)));
  spool.forget("A", 3);
  assert.deepEqual(spool.left(), [{ agent: "A", first: 3, next: 5 }]);
  spool.forget("A", 4);
  assert.deepEqual([disk.files.size, disk.open.size], [0, 0]);
  spool.append("A", 5, 1, bytes(batch(5, 1)));
  assert.deepEqual(texts(spool, "A"), [batch(5, 1)]);
});

test("a stream that is acknowledged a little late goes on for ever", () => {
  const disk = new Disk();
  const spool = at(disk);
  for (let n = 1; n <= 200; n++) {
    spool.append("A", n, 1, bytes(batch(n, 1, MIB)));
    spool.forget("A", n - 3);
    assert.ok(disk.files.size <= 2);
  }
  assert.deepEqual(spool.left(), [{ agent: "A", first: 198, next: 201 }]);
  assert.equal(texts(spool, "A").length, 3);
});

test("a spool that is full says so, keeps what it has, and takes more when there is room", () => {
  const disk = new Disk();
  const spool = at(disk);
  let n = 0;
  assert.throws(() => {
    while (n < 100) spool.append("A", ++n, 1, bytes(batch(n, 1, MIB)));
  }, /the spool is full/);
  assert.ok(spool.full && n > 50);
  assert.equal(texts(spool, "A").length, n - 1);
  spool.forget("A", 10);
  assert.ok(!spool.full);
  spool.append("A", ++n, 1, bytes(batch(n, 1, MIB)));
  assert.equal(spool.left()[0].next, n + 1);
});

test("a full disk costs the batch that it did not take, not those before and after", () => {
  const disk = new Disk();
  const spool = at(disk);
  spool.append("A", 1, 1, bytes(batch(1, 1)));
  disk.room = 20;
  assert.throws(() => spool.append("A", 2, 1, bytes(batch(2, 1))), /disk/);
  disk.room = Infinity;
  spool.append("A", 3, 1, bytes(batch(3, 1)));
  assert.deepEqual(texts(spool, "A"), [batch(1, 1), batch(3, 1)]);
  disk.alive.delete(7);
  assert.deepEqual(texts(at(disk, 8), "A"), [batch(1, 1), batch(3, 1)]);
});

test("the spool of another process of that name, which runs, is left alone", () => {
  const disk = new Disk();
  const one = at(disk, 7);
  one.append("A", 1, 1, bytes(batch(1, 1)));
  const two = at(disk, 8);
  assert.deepEqual(two.left(), []);
  two.append("B", 1, 1, bytes(batch(1, 1)));
  two.forget("A", Infinity);
  two.forget("B", 1);
  assert.deepEqual(texts(one, "A"), [batch(1, 1)]);
  assert.equal(disk.files.size, 1);
});

test("what an app writes into its container does no harm", () => {
  const disk = new Disk();
  const heads = ['{"agent":"A","pid":9,"first":0,"count":1}', '{"agent":"<x>","pid":9,"first":1,"count":1}', '{"agent":"A","pid":9,"first":1}', "{", "null"];
  disk.files.set("/spool.1.spool", Buffer.from(heads.map((head) => `${head}\n[]\n`).join("")));
  disk.files.set("/spool.2.spool", Buffer.from([0xff, 0xfe, 10]));
  disk.files.set("/spool.3.spool", Buffer.from('{"agent":"C","pid":9,"first":5,"count":2}\n[1,2]\n{"agent":"C","pid":9,"first":7,"count":2}\n[1,'));
  const spool = at(disk);
  assert.deepEqual(spool.left(), [{ agent: "C", first: 5, next: 7 }]);
  spool.append("A", 1, 1, bytes(batch(1, 1)));
  assert.deepEqual(texts(spool, "A"), [batch(1, 1)]);
});

test("what is acknowledged while it is written does not take the file away under it", () => {
  const disk = new Disk();
  const spool = at(disk);
  const write = disk.write.bind(disk);
  disk.write = (...args) => {
    spool.forget("A", 1);
    return write(...args);
  };
  spool.append("A", 1, 1, bytes(batch(1, 1)));
  assert.equal(disk.files.size, 1);
  spool.append("A", 2, 1, bytes(batch(2, 1)));
  assert.deepEqual(texts(spool, "A"), [batch(2, 1)]);
});
