const pause = () => new Promise((resolve) => setTimeout(resolve, 1));

async function handle() {
  return await load("order 7");
}

async function load(name) {
  return await query(name);
}

async function query(name) {
  return await connection(name);
}

async function connection(name) {
  await pause();
  throw new Error("no connection for " + name);
}

await handle();
