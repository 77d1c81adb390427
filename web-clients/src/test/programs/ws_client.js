// The client of Node's ws: `node ws_client.js ws://HOST:PORT`.
'use strict';

const { once } = require('node:events');
const WebSocket = require('ws');

const url = process.argv[2];
const tell = (name, value) => console.log(`${name}: ${value}`.trimEnd());
const pattern = (length) => Buffer.from({ length }, (_, i) => i % 251);

const open = async (path, protocols = [], options = {}) => {
  const socket = new WebSocket(url + path, protocols, options);
  await once(socket, 'open');
  return socket;
};

const closed = async (socket) => {
  const [code, reason] = await once(socket, 'close');
  return `${code} ${reason}`;
};

/** Sends a message in three fragments. */
const sendInFragments = (socket, data) => {
  const third = Math.floor(data.length / 3);
  const options = { binary: typeof data !== 'string' };
  socket.send(data.slice(0, third), { ...options, fin: false });
  socket.send(data.slice(third, 2 * third), { ...options, fin: false });
  socket.send(data.slice(2 * third), { ...options, fin: true });
};

/** How many of 300 messages come back as they were, of which 50 at a time are on their way. */
const echoes = async (socket) => {
  const sent = [];
  let received = 0;
  let same = 0;
  socket.on('message', (data, isBinary) => {
    const expected = sent[received++];
    same += isBinary ? Buffer.isBuffer(expected) && expected.equals(data) : expected === data.toString();
    socket.emit('received');
  });
  while (sent.length < 300) {
    const length = sent.length ** 2 % 3001;
    const data = sent.length % 2 ? '✓'.repeat(length) : pattern(length);
    sent.push(data);
    if (sent.length % 3) socket.send(data);
    else sendInFragments(socket, data);
    while (sent.length - received === 50) await once(socket, 'received');
  }
  while (received < sent.length) await once(socket, 'received');
  return same;
};

const main = async () => {
  const compressing = { perMessageDeflate: { threshold: 0 } };
  const windowed = { perMessageDeflate: { threshold: 0, serverMaxWindowBits: 10, clientMaxWindowBits: 10 } };
  for (const [name, options] of [['plain', { perMessageDeflate: false }], ['compressed', compressing], ['windowed', windowed]]) {
    const socket = await open('/echo', ['v1.echo', 'v2.echo'], options);
    tell(`${name} extensions`, socket.extensions ? JSON.stringify(socket._extensions['permessage-deflate'].params) : 'none');
    tell(`${name} subprotocol`, socket.protocol);
    tell(`${name} echoes`, await echoes(socket));
    socket.close(4000, 'enough');
    tell(`${name} close`, await closed(socket));
  }

  const pinging = await open('/echo');
  let pongs = 0;
  const allPongs = new Promise((resolve) => pinging.on('pong', (data) => {
    if (data.toString() === String(pongs) && ++pongs === 20) resolve();
  }));
  for (let i = 0; i < 20; i++) pinging.ping(String(i));
  await allPongs;
  tell('pongs', pongs);
  pinging.terminate();
  await closed(pinging);

  const large = await open('/echo', [], { maxPayload: 20_000_000 });
  large.send(pattern(10_000_000));
  tell('10 MB', (await once(large, 'message'))[0].equals(pattern(10_000_000)));
  large.close();
  tell('close without a code', await closed(large));

  const small = await open('/echo', [], { maxPayload: 1000 });
  small.send(pattern(1001));
  tell('error of a client that got too much', (await once(small, 'error'))[0].message);
  await closed(small);

  const tooMuch = await open('/echo');
  tooMuch.send(Buffer.alloc(17_000_000));
  tell('close of a client that sent too much', await closed(tooMuch));

  for (const code of [1000, 1011, 3000, 4999]) {
    tell(`close ${code}`, await closed(await open(`/close/${code}`)));
  }
  tell('close after round trips', await closed(await open('/round-trip')));

  const refused = new WebSocket(url + '/refused');
  const [, answer] = await once(refused, 'unexpected-response');
  tell('refused', answer.statusCode);
  answer.destroy();
  const nowhere = new WebSocket(url + '/nowhere');
  tell('nowhere', (await once(nowhere, 'error'))[0].message);
};

main().catch((e) => {
  console.error(e);
  process.exit(1);
});
