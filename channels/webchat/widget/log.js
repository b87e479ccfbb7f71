/* Draws the conversation. Whatever was said goes in as text, never as HTML. */
'use strict';

const LINK = /https?:\/\/[^\s<>"'，。；：！？、（）【】《》“”]+/g;
const SPEAKERS = { staff: '工作人员' }; // who else but 归雁 may be talking
const PAUSE = 30 * 60 * 1000; // a longer one shows the time

class ChatLog {
  /** `choose(option)` is called when somebody taps an option. */
  constructor(parts, choose) {
    this.pane = parts.pane;
    this.log = parts.log;
    this.lines = parts.lines;
    this.dots = parts.typing;
    this.more = parts.more;
    this.choose = choose;
    this.notes = new Map();
    this.clear();
    this.pane.addEventListener('scroll', () => this.offerMore());
    this.more.addEventListener('click', () => this.down());
  }

  clear() {
    this.lines.textContent = '';
    this.notes.clear();
    this.live = null; // the options that can still be tapped
    this.anchor = null; // what a reader should see the top of
    this.stirredAt = 0; // when the last line came
    this.lastAt = 0;
  }

  /** The history is in: from now on a screen reader says what is new. */
  open() {
    this.log.removeAttribute('aria-busy');
    this.pane.scrollTop = this.pane.scrollHeight;
    this.isOpen = true;
  }

  /** A message of ours. `id` is how `note` finds it again. */
  said(id, text, at, picture) {
    this.time(at);
    const line = this.add('me');
    this.bubble(line, '我：', text);
    this.picture(line, picture);
    const note = line.appendChild(element('p', 'note'));
    note.hidden = true;
    this.notes.set(id, note);
    this.anchor = line;
    this.stirredAt = Date.now();
    this.show();
  }

  /** What became of a message of ours; '' when it is where it belongs. */
  note(id, text) {
    const note = this.notes.get(id);
    if (!note) return;
    note.hidden = !text;
    note.textContent = text;
    this.show();
  }

  /** A message to us. */
  heard(message) {
    this.typing(false);
    const isUnasked = Date.now() - this.stirredAt > 20000;
    const isReadingBack = this.rest() > 200;
    this.stirredAt = Date.now();
    this.time(message.at);
    this.retire();
    const line = this.add('bot ' + message.kind);
    this.picture(line, message.picture);
    this.bubble(line, '归雁：', message.text, SPEAKERS[message.kind]);
    if (message.options.length) this.offer(line, message.options);
    if (isUnasked) this.anchor = line;
    if (isUnasked && isReadingBack) this.offerMore();
    else this.show();
  }

  typing(isOn) {
    clearTimeout(this.tired);
    if (isOn) this.tired = setTimeout(() => this.typing(false), 10000);
    if (this.dots.hidden !== isOn) return;
    this.dots.hidden = !isOn;
    if (isOn) this.show();
  }

  add(kind) {
    return this.lines.appendChild(element('li', 'line ' + kind + (this.isOpen ? ' fresh' : '')));
  }

  bubble(line, speaker, text, title) {
    const bubble = line.appendChild(element('p', 'bubble'));
    const name = bubble.appendChild(element('span', title ? 'speaker' : 'aside'));
    name.textContent = title || speaker;
    fill(bubble, text);
  }

  /** Only ever one of our own addresses. */
  picture(line, address) {
    if (!/^\/chat\/api\/pictures\/\w+$/.test(address || '')) return;
    const image = line.appendChild(element('img', 'picture'));
    image.alt = '图片';
    image.addEventListener('load', () => this.show());
    image.src = address;
  }

  offer(line, options) {
    const isBrief = options.length > 3 && options.every(option => option.label.length < 5);
    const group = line.appendChild(element('div', isBrief ? 'options brief' : 'options'));
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', '可以点的选项');
    options.forEach(option => {
      const button = group.appendChild(element('button', ''));
      button.type = 'button';
      button.textContent = option.label;
      button.addEventListener('click', () => this.tap(group, button, option));
    });
    this.live = group;
  }

  tap(group, button, option) {
    if (group !== this.live) return;
    button.classList.add('chosen');
    this.retire();
    this.choose(option);
  }

  /** Options of earlier messages stay to be read, not to be tapped. */
  retire() {
    if (!this.live) return;
    this.live.classList.add('past');
    Array.from(this.live.children).forEach(button => {
      // The focused one keeps the keyboard's place: Tab goes on to what comes next.
      if (button !== document.activeElement) button.disabled = true;
      else {
        button.setAttribute('aria-disabled', 'true');
        button.addEventListener('blur', () => { button.disabled = true; });
      }
    });
    this.live = null;
  }

  time(at) {
    const when = at ? new Date(at) : new Date();
    if (when - this.lastAt > PAUSE) {
      this.lines.appendChild(element('li', 'time')).textContent = spoken(when);
    }
    this.lastAt = +when;
  }

  /** Go to the end, but never so far that the top of the newest answer is out of sight. */
  show() {
    if (!this.isOpen || !this.anchor) return;
    const top = this.anchor.offsetTop - this.lines.offsetTop;
    this.pane.scrollTop = Math.min(this.pane.scrollHeight, top);
    this.offerMore();
  }

  down() {
    this.pane.scrollTop += this.pane.clientHeight * 0.85;
  }

  offerMore() {
    this.more.hidden = this.rest() < 60;
  }

  /** How much is below what one sees, in pixels. */
  rest() {
    return this.pane.scrollHeight - this.pane.clientHeight - this.pane.scrollTop;
  }
}

function element(name, kind) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  return made;
}

/** Text with its web addresses as links; nothing but http and https becomes one. */
function fill(parent, text) {
  let from = 0;
  text.replace(LINK, (found, at) => {
    const address = found.replace(/[.,;:!?)\]]+$/, '');
    parent.appendChild(document.createTextNode(text.slice(from, at)));
    const link = parent.appendChild(element('a', ''));
    link.href = address;
    link.textContent = address;
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    from = at + address.length;
    return '';
  });
  parent.appendChild(document.createTextNode(text.slice(from)));
}

function spoken(when) {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(when).setHours(0, 0, 0, 0)) / 86400000);
  const day = days === 0 ? '今天' : days === 1 ? '昨天' : (when.getMonth() + 1) + '月' + when.getDate() + '日';
  return day + ' ' + ('0' + when.getHours()).slice(-2) + ':' + ('0' + when.getMinutes()).slice(-2);
}
