// The server of Node's ws, which tells its port, and at the end what it saw: an echo, in fragments where the path says so; /close/CODE closes with it.
'use strict';

const { WebSocketServer } = require('ws');

const tell = (name, value) => console.log(`${name}: ${value}`.trimEnd());
const seen = { texts: 0, bytes: 0, pongs: 0 };
const ends = [];

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  maxPayload: 20_000_000,
  perMessageDeflate: { threshold: 100, clientMaxWindowBits: 9 },
  handleProtocols: (protocols) => (protocols.has('v1.echo') ? 'v1.echo' : false),
  verifyClient: ({ req }, done) => done(req.url !== '/secret' || req.headers.authorization === 'Bearer the word', 401, 'say the word'),
});

server.on('connection', (socket, request) => {
  const path = request.url;
  socket.on('close', (code, reason) => ends.push(`${path} ${socket.protocol} ${code} ${reason}`.trimEnd()));
  socket.on('pong', () => seen.pongs++);
  if (path.startsWith('/close/')) {
    socket.close(Number(path.slice('/close/'.length)), 'as you like it ✓');
    return;
  }
  if (path === '/pings') {
    for (let i = 0; i < 10; i++) socket.ping(String(i));
    socket.send('ten pings');
  }
  socket.on('message', (data, isBinary) => {
    if (isBinary) seen.bytes += data.length;
    else seen.texts++;
    if (path !== '/fragments') {
      socket.send(data, { binary: isBinary });
      return;
    }
    const third = Math.floor(data.length / 3);
    socket.send(data.subarray(0, third), { binary: isBinary, fin: false });
    socket.send(data.subarray(third, 2 * third), { fin: false });
    socket.send(data.subarray(2 * third), { fin: true });
  });
});

server.on('listening', () => tell('port', server.address().port));
process.stdin.resume().on('end', () => {
  for (const name in seen) tell(name, seen[name]);
  tell('ends', ends.sort().join(', '));
  process.exit();
});
