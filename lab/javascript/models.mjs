// A promise runs as it is made, on the event loop that is part of the language. To cancel is to ask: a signal, that the work has to look at.
import { performance } from "node:perf_hooks";

const sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

async function ticking(ticks, signal) {
  try {
    for (let i = 0; i < 20; i++) {
      await sleep(10, signal);
      ticks.seen++;
    }
  } finally {
    ticks.endedAt = performance.now();
  }
}

async function computing(ticks) {
  const end = performance.now() + 200;
  while (performance.now() < end); // nobody else runs meanwhile, who could cancel it
  ticks.endedAt = performance.now();
}

async function until(condition) {
  while (!condition()) await sleep(1);
}

async function creation() {
  let ran = false;
  const promise = (async () => {
    ran = true;
  })();
  await sleep(50);
  void promise;
  return ran;
}

async function dropping() {
  const ticks = { seen: 0 };
  let promise = ticking(ticks);
  await until(() => ticks.seen >= 5);
  promise = null;
  const before = ticks.seen;
  await sleep(300);
  return ticks.seen - before;
}

async function cancellation() {
  const ticks = { seen: 0 };
  const controller = new AbortController();
  const promise = ticking(ticks, controller.signal).catch(() => {});
  await until(() => ticks.seen >= 5);
  const at = performance.now();
  controller.abort();
  const stoppedOnReturn = ticks.endedAt !== undefined;
  await promise;
  return { micros: Math.round((ticks.endedAt - at) * 1000), stoppedOnReturn };
}

/** The middle one of five: the first runs code that has never run. */
async function cancellations() {
  const all = [];
  for (let i = 0; i < 5; i++) all.push(await cancellation());
  all.sort((a, b) => a.micros - b.micros);
  return { microsToStop: all[2].micros, stoppedOnReturn: all.every((one) => one.stoppedOnReturn) };
}

async function computation() {
  const ticks = {};
  const controller = new AbortController();
  const asked = performance.now() + 50;
  setTimeout(() => controller.abort(), 50);
  await computing(ticks, controller.signal);
  return Math.round(ticks.endedAt - asked);
}

console.log(
  JSON.stringify({
    form: "promise",
    version: `Node ${process.version}`,
    ranBeforeAwait: await creation(),
    ticksAfterDrop: await dropping(),
    cancelledBy: "an AbortSignal that it looks at",
    ...(await cancellations()),
    computesOnMillis: await computation(),
    runner: "the event loop, part of the language",
    startsRuntime: false,
  }),
);
