// What a page does with a server. Each function's promise gives lines of what it saw.
'use strict';

const at = (path) => location.origin.replace('http', 'ws') + path;
const pattern = (length) => Uint8Array.from({ length }, (_, i) => i % 251);
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const event = (target, name) => new Promise((resolve) => target.addEventListener(name, resolve, { once: true }));

const streams = async () => {
  const answer = await fetch('/bytes/3000001');
  const expected = pattern(3_000_001);
  let length = 0;
  let right = true;
  let pieces = 0;
  for (const reader = answer.body.getReader(); ;) {
    const { value, done } = await reader.read();
    if (done) break;
    right &&= same(value, expected.subarray(length, length + value.length));
    length += value.length;
    pieces++;
  }
  const controller = new AbortController();
  const trickle = await fetch('/trickle', { signal: controller.signal });
  const first = await trickle.body.getReader().read();
  controller.abort();
  return [`${length} bytes, ${right}, ${pieces > 1 ? 'many pieces' : 'one piece'}`, new TextDecoder().decode(first.value).split('\n')[0]];
};

const events = () => new Promise((resolve) => {
  const seen = [];
  const source = new EventSource('/events');
  source.addEventListener('number', (e) => {
    seen.push(`${e.lastEventId}: ${JSON.stringify(e.data)}`);
    if (seen.length === 7) {
      source.close();
      resolve(seen);
    }
  });
});

const sockets = async () => {
  const seen = [];
  const socket = new WebSocket(at('/echo'), ['v0.echo', 'v1.echo']);
  socket.binaryType = 'arraybuffer';
  await event(socket, 'open');
  seen.push(`${socket.protocol}, ${socket.extensions}`);
  let right = 0;
  for (let i = 0; i < 200; i++) {
    const length = (i * i) % 3001;
    const sent = i % 2 ? '✓'.repeat(length) : pattern(length);
    socket.send(sent);
    const { data } = await event(socket, 'message');
    right += i % 2 ? data === sent : same(new Uint8Array(data), sent);
  }
  seen.push(`${right} echoes`);
  const big = pattern(5_000_000);
  socket.send(big);
  seen.push(`5 MB ${same(new Uint8Array((await event(socket, 'message')).data), big)}`);
  socket.close(4000, 'enough ✓');
  const close = await event(socket, 'close');
  seen.push(`close ${close.code} ${close.reason} ${close.wasClean}`);
  for (const [path, protocols] of [['/close/3001', []], ['/round-trip', []], ['/refused', []], ['/echo', ['v0.echo']]]) {
    const { code, reason } = await event(new WebSocket(at(path), protocols), 'close');
    seen.push(`${path} ${protocols} ${code} ${reason}`);
  }
  return seen;
};

const forms = async () => {
  const form = new FormData();
  form.append('who', 'Ada ✓');
  form.append('picture', new File([pattern(2_000_000)], 'ü "p".png', { type: 'image/png' }));
  const body = new Blob([pattern(4_000_003)]);
  const texts = [];
  for (const [path, sent] of [['/form', form], ['/fields', new URLSearchParams({ a: '1 & 2', b: '✓' })], ['/body', body]]) {
    texts.push(await (await fetch(path, { method: 'POST', body: sent })).text());
  }
  return texts;
};

const files = async () => {
  const seen = [];
  for (let i = 0; i < 2; i++) {
    const answer = await fetch('/files/text.txt');
    seen.push(`${answer.status} ${answer.headers.get('content-encoding')} ${(await answer.text()).length}`);
  }
  const part = await fetch('/files/text.txt', { headers: { range: 'bytes=3-5' } });
  seen.push(`${part.status} ${part.headers.get('content-range')} ${await part.text()}`);
  return seen;
};

/** Leaves much under way, for whoever closes the page. */
const leave = async () => {
  fetch('/never');
  const source = new EventSource('/held');
  await event(source, 'message');
  const trickle = await fetch('/trickle');
  await trickle.body.getReader().read();
  await event(new WebSocket(at('/echo')), 'open');
  return ['under way'];
};
