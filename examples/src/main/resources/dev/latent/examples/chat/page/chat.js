'use strict';

const KEEP = 500;
const find = (id) => document.getElementById(id);
let socket = null;
let me = '';
let members = new Map();
let unlisted = 0;

find('nick').value = localStorage.getItem('nick') || '';
if (location.hash.length > 1) find('room').value = decodeURIComponent(location.hash.slice(1));

find('enter').addEventListener('submit', (event) => {
  event.preventDefault();
  connect(find('room').value.trim(), find('nick').value.trim());
});

find('say').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = find('text').value.trim();
  if (!text || !socket || socket.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify({ say: text }));
  find('text').value = '';
});

find('leave').addEventListener('click', () => {
  if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ leave: 'please' }));
  else outside('');
});

function connect(room, nick) {
  if (!room || !nick) return outside('Both a name and a room, please.');
  if (socket) socket.close();
  const mine = new WebSocket((location.protocol === 'https:' ? 'wss://' : 'ws://') + location.host + '/chat');
  socket = mine;
  let welcome = false;
  mine.onopen = () => mine.send(JSON.stringify({ join: room, nick }));
  mine.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if ('welcome' in message) {
      welcome = true;
      inside(message);
    } else if (!welcome && 'error' in message) {
      mine.onclose = null;
      mine.close();
      outside(message.error);
    } else {
      show(message);
    }
  };
  mine.onclose = (event) => {
    if (!welcome) outside('The server cannot be reached.');
    else if (event.code === 1000) outside('');
    else gone(event.reason || 'The connection was lost.');
  };
}

function outside(trouble) {
  find('door').hidden = false;
  find('inside').hidden = true;
  find('trouble').textContent = trouble;
}

function gone(why) {
  note(why + ' Leave, and join again.');
  find('state').textContent = 'not connected';
  find('text').disabled = true;
}

function inside({ welcome, nick, size, members: listed }) {
  me = nick;
  localStorage.setItem('nick', nick);
  location.hash = encodeURIComponent(welcome);
  find('door').hidden = true;
  find('inside').hidden = false;
  find('title').textContent = '# ' + welcome;
  find('state').textContent = 'as ' + nick;
  find('text').disabled = false;
  find('lines').replaceChildren();
  find('members').replaceChildren();
  members = new Map();
  listed.forEach(present);
  unlisted = size - members.size;
  count();
  find('text').focus();
}

function show(message) {
  if ('say' in message) line(message.nick, message.say);
  else if ('joined' in message) { present(message.joined); count(); note(message.joined + ' has come'); }
  else if ('left' in message) { absent(message.left); count(); note(message.left + ' has left'); }
  else if ('error' in message) note(message.error);
}

function present(nick) {
  if (members.has(nick)) return;
  const item = document.createElement('li');
  item.textContent = nick === me ? nick + ' (you)' : nick;
  members.set(nick, item);
  find('members').append(item);
}

function absent(nick) {
  const item = members.get(nick);
  if (item) item.remove();
  else unlisted = Math.max(0, unlisted - 1);
  members.delete(nick);
}

function count() {
  find('count').textContent = members.size + unlisted;
}

function line(nick, text) {
  const item = document.createElement('li');
  const time = document.createElement('time');
  const name = document.createElement('b');
  time.textContent = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  name.textContent = nick;
  name.style.setProperty('--hue', [...nick].reduce((hue, c) => (hue * 31 + c.codePointAt(0)) % 360, 7));
  item.append(time, name, text);
  append(item);
}

function note(text) {
  const item = document.createElement('li');
  item.className = 'note';
  item.textContent = text;
  append(item);
}

function append(item) {
  const lines = find('lines');
  const atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;
  lines.append(item);
  while (lines.childElementCount > KEEP) lines.firstElementChild.remove();
  if (atEnd) lines.scrollTop = lines.scrollHeight;
}
