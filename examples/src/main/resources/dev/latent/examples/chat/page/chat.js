'use strict';

const KEEP = 500;
const SLOWEST_RETRY = 30_000;
const MOST_TAKEN = 6;
const TROUBLES = {
  'taken': 'Somebody in this room has that name already. Another one, please.',
  'bad-name': 'Names of people and rooms have 1 to 32 characters that can be seen.',
  'empty': 'There was nothing to see in that line.',
  'too-long': 'That was too long: a line has at most 4,000 characters.',
  'outside': 'You are in no room yet.',
  'bus': 'The chat is cut in two just now. What you say is said when it is whole again.',
  'history': 'What was said meanwhile cannot be read just now.',
  'not-text': 'The server did not understand this page. Reload it, please.',
  'not-understood': 'The server did not understand this page. Reload it, please.',
};
const HELP = [
  '/nick NAME: be called something else',
  '/join ROOM: go to another room',
  '/rooms: which rooms there are',
  '/quit: leave',
  '//text: say something that begins with a slash',
];

const find = (id) => document.getElementById(id);

/** What the person wants: to be in a room under a name. Null at the door. */
let wanted = null;
let socket = null;
let welcomed = false;
/** Whether the room is left for another one, by the same connection. */
let moving = false;
/** Connections in a row that did not get as far as a welcome. */
let failures = 0;
let retryTimer = null;
/** Where the chat is: where this page is from, and its other nodes. */
let places = [location.host];
let place = location.host;
let me = '';
let members = new Map();
let unlisted = 0;
/** Tells this page from all others, so that it may take its name over from a connection that it has lost. */
const secret = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
/** What others see of the secret. */
let you = '';
/** The room whose lines are shown. */
let here = '';
/** The room to go to when all has been said in this one. */
let next = '';
/** The number of the last line that is shown, of the log that it is of. */
let seen = 0;
let log = '';
/** Of each speaker who numbers lines, the last that is shown. */
let heard = new Map();
/** What was said and not heard yet, in order, and where it is shown to wait: it is said again after a loss. */
let outbox = [];
let numbered = 0;
/** Whether the nodes of the chat can reach each other. */
let whole = true;
let againTimer = null;
let unread = 0;

// ---- the door -------------------------------------------------------------------------------------------------------

find('nick').value = remembered('nick');
find('room').value = roomInAddress() || 'lobby';

find('enter').addEventListener('submit', (event) => {
  event.preventDefault();
  enter(find('room').value, find('nick').value);
});

function enter(room, nick) {
  room = room.trim();
  nick = nick.trim();
  if (!nick || !room) {
    outside('A name and a room, please.');
    find(nick ? 'room' : 'nick').focus();
    return;
  }
  wanted = { room, nick };
  failures = 0;
  find('join').disabled = true;
  find('trouble').textContent = '';
  connect();
}

function outside(trouble) {
  wanted = null;
  forget();
  find('join').disabled = false;
  find('door').hidden = false;
  find('inside').hidden = true;
  find('trouble').textContent = trouble;
  document.title = 'Latent chat';
  if (me) find('nick').value = me;
  find('nick').focus();
}

function roomInAddress() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return '';
  }
}

function remembered(key) {
  try {
    return localStorage.getItem(key) || '';
  } catch {
    return '';
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that keeps nothing asks for the name again.
  }
}

window.addEventListener('hashchange', () => {
  const room = roomInAddress();
  if (!room) return;
  if (!wanted) find('room').value = room;
  else if (room !== wanted.room) move(room);
});

// ---- the connection -------------------------------------------------------------------------------------------------

function connect() {
  forget();
  moving = false;
  whole = true;
  connected();
  const mine = new WebSocket((location.protocol === 'https:' ? 'wss://' : 'ws://') + place + '/chat');
  socket = mine;
  mine.onopen = () => join();
  mine.onmessage = (event) => {
    if (mine === socket) hear(JSON.parse(event.data));
  };
  mine.onclose = (event) => {
    if (mine !== socket) return;
    if (!wanted) outside('');
    else lost(event);
  };
}

/** Who is back in a room says what was seen of it. */
function join() {
  const back = seen && wanted.room === here;
  send({ join: wanted.room, nick: wanted.nick, me: secret, ...(back ? { log, seen: String(seen) } : {}) });
}

function forgetRoom() {
  here = next = '';
  seen = 0;
  heard = new Map();
  done(() => true);
}

/** Lets go of the connection, and of what would make a new one. */
function forget() {
  clearInterval(retryTimer);
  retryTimer = null;
  welcomed = false;
  const old = socket;
  socket = null;
  if (old) old.close();
}

function lost(event) {
  const stranger = find('inside').hidden;
  if (event.code === 4001) return outside('You came in from elsewhere.');
  if (event.code === 4002) return outside(TROUBLES['taken']);
  if (stranger) {
    elsewhere();
    return outside('The server cannot be reached. Is it running?');
  }
  const why = welcomed && event.reason ? event.reason[0].toUpperCase() + event.reason.slice(1) + '.' : 'The connection was lost.';
  again(why);
}

/** Tries again at the next node, later each time, and says so. */
function again(why) {
  forget();
  elsewhere();
  const most = Math.min(SLOWEST_RETRY, 1_000 * 2 ** failures++);
  const at = Date.now() + most / 2 + Math.random() * most / 2;
  const tell = () => {
    const left = Math.ceil((at - Date.now()) / 1_000);
    if (left <= 0) connect();
    else connected(why, left);
  };
  retryTimer = setInterval(tell, 250);
  tell();
}

function elsewhere() {
  place = places[(places.indexOf(place) + 1) % places.length];
}

function retry() {
  if (wanted && retryTimer) connect();
}
find('retry').addEventListener('click', retry);
window.addEventListener('online', retry);
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  read();
  retry();
});

/** Shows how it stands: connected, connecting, or waiting for so many seconds. */
function connected(why, seconds) {
  const open = welcomed && socket !== null;
  find('state').hidden = open && whole;
  find('retry').hidden = !seconds;
  if (!open || !whole) showWaiting();
  const text = open ? (whole ? '' : TROUBLES['bus']) : seconds ? why + ' Trying again in ' + seconds + ' s.' : 'Connecting…';
  if (find('why').textContent !== text) find('why').textContent = text;
}

function send(wish) {
  if (!socket || socket.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(wish));
  return true;
}

function hear(message) {
  if ('welcome' in message) return welcome(message);
  if ('missed' in message) return message.missed.forEach(line);
  if (!welcomed && 'error' in message) return refused(message.error);
  if ('say' in message) line(message);
  else if ('joined' in message) arrived(message.joined);
  else if ('left' in message) { absent(message.left); note(message.left + ' has left'); }
  else if ('renamed' in message) renamed(message.renamed, message.nick);
  else if ('rooms' in message) rooms(message.rooms);
  else if ('bus' in message) weather(message.bus === 'up');
  else if ('nodes' in message) others(message.nodes);
  else if (message.error === 'bus') notTaken();
  else if ('error' in message) {
    done((n) => n === message.n);
    note(TROUBLES[message.error] || message.why);
  }
}

/** The bus did not take a line; it is said again a little later, and those behind it. */
function notTaken() {
  weather(false);
  clearTimeout(againTimer);
  againTimer = setTimeout(sayAgain, 1_000);
}

function weather(fair) {
  const better = fair && !whole;
  whole = fair;
  connected();
  if (better) sayAgain();
}

/** What was said and not heard, from the first on, in its order; what is heard twice is shown once. */
function sayAgain() {
  clearTimeout(againTimer);
  outbox.forEach(utter);
}

/** With its number, and behind which one it comes next; what was refused for what it is has none any more. */
function utter({ n, text }) {
  send({ say: text, n: String(n), after: String(outbox[0].n - 1) });
}

/** Takes out what needs not be said again. */
function done(is) {
  outbox.filter(({ n }) => is(n)).forEach(({ item }) => item && item.remove());
  outbox = outbox.filter(({ n }) => !is(n));
  if (next && !outbox.length) moveOn();
}

/** What is not said yet stands below all that is, for as long as that may last. */
function showWaiting() {
  outbox.filter(({ item }) => !item).forEach((said) => {
    said.item = document.createElement('li');
    said.item.className = 'waiting';
    const name = document.createElement('b');
    name.textContent = me;
    tint(name, me);
    said.item.append(name, ' ', said.text, ' ', noteItem('waits', 'small'));
    append(said.item);
  });
}

/** The nodes to go to when this one is lost, each page in another order. */
function others(told) {
  places = [place, ...told.filter((other) => other !== place).sort(() => Math.random() - 0.5)];
  if (!places.includes(location.host)) places.push(location.host);
}

/** Who was cut off may find the name taken, by the connection that the server has not yet seen to be gone. */
function refused(error) {
  if (error === 'taken' && !moving && !find('inside').hidden && failures < MOST_TAKEN) {
    again('Your name is still taken, by your lost connection it seems.');
  } else if (error === 'bus' || error === 'history') {
    if (find('inside').hidden) outside('The chat cannot let anybody in just now. Try again, please.');
    else again(error === 'bus' ? 'The chat is cut in two.' : TROUBLES['history']);
  } else {
    outside(TROUBLES[error] || error);
  }
}

// ---- inside ---------------------------------------------------------------------------------------------------------

function welcome({ welcome: room, nick, size, members: listed, history, log: itsLog, you: mine, gap, nodes = [] }) {
  const entered = find('inside').hidden;
  const moved = here !== room;
  const begunAnew = log !== itsLog;
  welcomed = true;
  failures = 0;
  you = mine;
  log = itsLog;
  wanted = { room, nick };
  others(nodes);
  find('door').hidden = true;
  find('inside').hidden = false;
  find('title').textContent = '# ' + room;
  if (roomInAddress() !== room) address(room);
  called(nick);
  connected();
  find('members').replaceChildren();
  members = new Map();
  listed.forEach(present);
  unlisted = size - members.size;
  count();
  if (moved) {
    find('lines').replaceChildren();
    forgetRoom();
    here = room;
    unread = 0;
    if (gap) note('What was said before is not kept, or cannot be read just now.');
  } else {
    if (begunAnew) seen = 0;
    if (gap) note('Some of what was said meanwhile is not kept.');
    note('You are back.');
  }
  history.forEach(line);
  sayAgain();
  if (moved && history.length) note('That was said before you came.');
  read();
  if (moved || entered) find('text').focus();
}

function address(room) {
  window.history.replaceState(null, '', '#' + encodeURIComponent(room));
}

function called(nick) {
  me = nick;
  wanted.nick = nick;
  remember('nick', nick);
  find('me').textContent = nick;
}

/** To another room, when what was said here is heard. */
function move(room) {
  next = room;
  if (outbox.some(({ item }) => item)) note('When what waits has been said, this goes to ' + room + '.');
  if (!outbox.length) moveOn();
}

function moveOn() {
  const room = next;
  next = '';
  wanted = { room, nick: me };
  if (!welcomed) return;
  welcomed = false;
  moving = true;
  join();
  connected();
}

find('leave').addEventListener('click', leave);

function leave() {
  wanted = null;
  forgetRoom();
  if (!send({ leave: 'please' })) outside('');
}

find('say').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = find('text').value.trim();
  if (text && wanted && wanted.room === here && say(text)) find('text').value = '';
});

/** Says whether it is done with. */
function say(text) {
  const [, command, rest] = text.match(/^\/(\w*)\s*(.*)$/s) || [];
  if (command === undefined || text.startsWith('//')) return speak(text.startsWith('//') ? text.slice(1) : text);
  switch (command) {
    case 'nick': return rest ? send({ nick: rest }) : usage('/nick NAME');
    case 'join': return rest ? (move(rest), true) : usage('/join ROOM');
    case 'rooms': return send({ rooms: 'please' });
    case 'quit': leave(); return true;
    case 'help': HELP.forEach((entry) => note(entry)); return true;
    default: note('There is no /' + command + '. What there is: /help'); return false;
  }
}

function speak(text) {
  const said = { n: ++numbered, text };
  outbox.push(said);
  if (welcomed && whole) utter(said);
  else showWaiting();
  return true;
}

function usage(text) {
  note('Like this: ' + text);
  return false;
}

// ---- who is there ---------------------------------------------------------------------------------------------------

function arrived(nick) {
  if (nick === me && members.has(nick)) return;
  present(nick);
  count();
  note(nick + ' has come');
}

function present(nick) {
  if (members.has(nick)) return;
  const item = document.createElement('li');
  item.textContent = nick === me ? nick + ' (you)' : nick;
  tint(item, nick);
  members.set(nick, item);
  find('members').append(item);
}

function absent(nick) {
  const item = members.get(nick);
  if (item) item.remove();
  else unlisted = Math.max(0, unlisted - 1);
  members.delete(nick);
  count();
}

function renamed(before, now) {
  if (before === me) called(now);
  const item = members.get(before);
  if (item) {
    members.delete(before);
    item.remove();
    present(now);
  }
  note(before + ' is called ' + now + ' from now on');
}

function count() {
  const n = members.size + unlisted;
  find('count').textContent = n;
  find('who').textContent = n + ' here';
}

find('who').addEventListener('click', () => showWho(find('who').getAttribute('aria-expanded') !== 'true'));
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && find('who').getAttribute('aria-expanded') === 'true') {
    showWho(false);
    find('who').focus();
  }
});

function showWho(open) {
  find('who').setAttribute('aria-expanded', open);
  find('here').classList.toggle('open', open);
}

// ---- what is said ---------------------------------------------------------------------------------------------------

function line({ nick, say: text, at, seq, by, n }) {
  if (seq <= seen) return;
  seen = seq;
  if (by) {
    if (n <= (heard.get(by) || 0)) return;
    heard.set(by, n);
    if (by === you) {
      done((mine) => mine <= n);
      if (!whole && welcomed) weather(true);
    }
  }
  const item = document.createElement('li');
  const time = document.createElement('time');
  const name = document.createElement('b');
  const said = new Date(at / 1_000);
  time.dateTime = said.toISOString();
  time.textContent = said.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  time.title = said.toLocaleString();
  name.textContent = nick;
  tint(name, nick);
  item.append(time, name, ' ', text);
  append(item);
  if (document.hidden && welcomed) document.title = '(' + ++unread + ') ' + find('title').textContent;
}

function read() {
  unread = 0;
  if (!find('inside').hidden) document.title = find('title').textContent + ' · Latent chat';
}

/** Each name has its own colour, the same at everybody's. */
function tint(element, nick) {
  element.classList.add('nick');
  element.style.setProperty('--hue', [...nick].reduce((hue, c) => (hue * 31 + c.codePointAt(0)) % 360, 7));
}

function rooms(listed) {
  const item = noteItem('Rooms: ');
  listed.forEach(({ room, size }, i) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'link';
    button.textContent = room;
    button.addEventListener('click', () => move(room));
    item.append(i ? ', ' : '', button, ' (' + size + ')');
  });
  if (!listed.length) item.append('none');
  append(item);
}

function note(text) {
  append(noteItem(text));
}

function noteItem(text, element = 'li') {
  const item = document.createElement(element);
  item.className = 'note';
  item.textContent = text;
  return item;
}

function append(item) {
  const lines = find('lines');
  const below = atEnd();
  lines.append(item);
  while (lines.childElementCount > KEEP) lines.firstElementChild.remove();
  if (below) toEnd();
  else find('down').hidden = false;
}

function atEnd() {
  const lines = find('lines');
  return lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;
}

function toEnd() {
  find('lines').scrollTop = find('lines').scrollHeight;
}

find('down').addEventListener('click', () => {
  toEnd();
  find('text').focus();
});
find('lines').addEventListener('scroll', () => {
  if (atEnd()) find('down').hidden = true;
});
window.addEventListener('resize', () => {
  if (find('down').hidden) toEnd();
});
