/* The conversation over the network: nothing said is lost, nothing heard is shown twice. */
'use strict';

(function () {
  const part = id => document.getElementById(id);
  const root = document.documentElement;
  const known = new Set(); // what the log shows: 'me' or 'bot' and the id
  const kept = keeper();
  let unsent = kept.get('guiyan.unsent', []);
  let lastHeard = 0;
  let isLoaded = false;
  let source = null;
  let failures = 0; // of the stream, in a row
  let polls = 0;
  let delay = 2000;
  let isSending = false;
  let isLost = false; // the stream
  let isStuck = false; // a message of ours
  let hiddenAt = 0;
  const timers = {};

  const log = new ChatLog(
    { pane: part('pane'), log: part('log'), lines: part('lines'), typing: part('typing'), more: part('more') },
    option => speak({ option: option.value }, option.label)
  );

  // --- what we say

  function speak(content, shown) {
    const item = { client_id: uuid(), content: content, shown: shown };
    unsent.push(item);
    keepUnsent();
    showUnsent();
    send();
  }

  function showUnsent() {
    unsent.forEach(item => {
      if (!isNew('me' + item.client_id)) return;
      log.said(item.client_id, item.shown);
    });
  }

  /** Send what is unsent, in order; what fails by the network stays and is tried again. */
  async function send() {
    if (isSending || !isLoaded) return;
    isSending = true;
    while (unsent.length) {
      const item = unsent[0];
      const before = lastHeard;
      const outcome = await post(item);
      isStuck = Boolean(outcome.wait);
      showTrouble(outcome.sentence);
      if (outcome.wait) {
        unsent.forEach(later => log.note(later.client_id, '还没发出，连上就发'));
        wait('send', send, outcome.wait);
        break;
      }
      unsent = unsent.filter(other => other !== item);
      keepUnsent();
      if (outcome.sentence) giveBack(item, outcome.sentence);
      else settle(item, lastHeard !== before);
    }
    isSending = false;
  }

  /** {} when taken, {sentence} when refused for good, {wait} when it should be tried again. */
  async function post(item) {
    const body = JSON.stringify(Object.assign({ client_id: item.client_id }, item.content));
    let response;
    try {
      response = await ask('/chat/api/messages', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: body });
    } catch (error) {
      return { wait: backOff() };
    }
    if (response.ok) return {};
    const sentence = await fault(response);
    if (response.status === 401 && !item.renewed) {
      item.renewed = true;
      return { wait: (await renewed()) ? 100 : backOff() };
    }
    if (response.status === 429 || response.status >= 500) {
      const seconds = Number(response.headers.get('Retry-After')) || 3;
      return { wait: seconds * 1000, sentence: sentence };
    }
    return { sentence: sentence };
  }

  /** Staff send pictures; what does not get there is said, to be chosen again. */
  async function bring(file) {
    const id = uuid();
    const before = lastHeard;
    isNew('me' + id);
    log.said(id, '（图片）');
    log.note(id, '正在发');
    const content = await smaller(file);
    try {
      const response = await ask('/chat/api/pictures?client_id=' + id, { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: content });
      if (response.ok) settle({ client_id: id }, lastHeard !== before);
      else log.note(id, '没发出去：' + (await fault(response)));
    } catch (error) {
      log.note(id, '没发出去，请再选一次。');
    }
  }

  /** A photo as a phone takes it is larger than any channel passes on. */
  async function smaller(file) {
    try {
      const image = await createImageBitmap(file);
      const scale = Math.min(1, 1600 / Math.max(image.width, image.height));
      if (scale === 1 && file.size < 1000000) return file;
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
      return await new Promise(done => canvas.toBlob(made => done(made || file), 'image/jpeg', 0.85));
    } catch (error) {
      return file;
    }
  }

  function settle(item, isAnswered) {
    log.note(item.client_id, '');
    if (isAnswered) return;
    log.typing(true);
    // A stream that stays silent now may be dead without knowing it.
    if (source) wait('stall', catchUp, 6000);
    else if (isLost) catchUp();
  }

  function giveBack(item, sentence) {
    log.note(item.client_id, '没发出去：' + sentence);
    if (item.content.text && !part('say').value) {
      part('say').value = item.content.text;
      grow();
    }
  }

  // --- what we hear

  /** Load what we missed, then listen. */
  async function catchUp() {
    clearTimeout(timers.catchUp);
    try {
      const response = await ask('/chat/api/history?limit=50');
      if (response.status === 401 && (await renewed())) return;
      if (!response.ok) throw new Error(response.status);
      const known = await response.json();
      part('picture').hidden = !known.pictures;
      merge(known.messages);
    } catch (error) {
      showUnsent();
      return lost(0);
    }
    part('opening').hidden = true;
    listen();
    send();
  }

  function merge(messages) {
    if (!isLoaded) {
      log.clear();
      known.clear();
    }
    messages.forEach(message => (message.from === 'me' ? recall(message) : hear(message)));
    showUnsent();
    if (!isLoaded) log.open();
    isLoaded = true;
  }

  function recall(message) {
    const before = unsent.length;
    unsent = unsent.filter(item => item.client_id !== message.id);
    if (before !== unsent.length) keepUnsent();
    if (isNew('me' + message.id)) log.said(message.id, message.text, message.at, message.picture);
    else log.note(message.id, '');
  }

  function hear(message) {
    lastHeard = Math.max(lastHeard, message.id);
    if (isNew('bot' + message.id)) log.heard(message);
  }

  function listen() {
    if (source) source.close();
    source = null;
    if (!window.EventSource || failures > 2) return poll();
    // Who was never spoken to asks for everything, and is welcomed.
    const isStranger = known.size === 0;
    const heard = new EventSource('/chat/api/stream' + (isStranger ? '' : '?after=' + lastHeard));
    source = heard;
    if (isStranger) log.typing(true);
    heard.onopen = () => { failures = 0; found(); };
    heard.onmessage = event => { alive(); hear(JSON.parse(event.data)); };
    heard.onerror = () => { if (source === heard) { failures += 1; lost(2500); } };
  }

  /** Where events do not come through, ask; now and then try events again. */
  function poll() {
    polls += 1;
    if (polls % 15 === 0) failures = 0;
    found();
    wait('catchUp', catchUp, 4000);
  }

  function alive() {
    clearTimeout(timers.stall);
  }

  function found() {
    delay = 2000;
    isLost = false;
    clearTimeout(timers.trouble);
    showTrouble();
  }

  /** A stream may end and be back before anybody needs to know: `patience` in milliseconds. */
  function lost(patience) {
    if (source) source.close();
    source = null;
    isLost = true;
    log.typing(false);
    wait('trouble', showTrouble, patience);
    wait('catchUp', catchUp, backOff());
  }

  /** The phone woke up, or the network is back: whatever we had may be dead. */
  function comeBack() {
    if (document.hidden) return;
    delay = 2000;
    catchUp();
  }

  // --- the page

  /** `sentence`: why the server does not take a message now; without one it is the network. */
  function showTrouble(sentence) {
    let text = '';
    if (isLost || isStuck) text = '网络断了，正在重连……' + (unsent.length ? '写的话都留着，连上就发。' : '');
    if (isStuck && sentence) text = sentence;
    if (part('trouble').textContent !== text) part('trouble').textContent = text;
  }

  function submit(event) {
    if (event) event.preventDefault();
    const text = part('say').value.trim();
    if (!text) return part('say').focus();
    part('say').value = '';
    grow();
    speak({ text: text }, text);
  }

  function enter(event) {
    const isComposing = event.isComposing || event.keyCode === 229; // Enter also ends a pinyin word
    if (event.key === 'Enter' && !event.shiftKey && !isComposing) submit(event);
  }

  function grow() {
    const box = part('say');
    box.style.height = 'auto';
    box.style.height = box.scrollHeight + 4 + 'px';
  }

  function resizeText(size) {
    root.dataset.size = size;
    part('size').textContent = ['', '大字', '特大字', '小一点'][size];
    kept.set('guiyan.size', size);
    grow();
    log.show();
  }

  /** The keyboard covers part of the page; pinching does not count. */
  function fit() {
    const view = window.visualViewport;
    if (view && view.scale > 1.01) return;
    root.style.setProperty('--height', (view ? view.height : window.innerHeight) + 'px');
    root.style.setProperty('--top', (view ? view.offsetTop : 0) + 'px');
    log.show();
  }

  // --- helpers

  function isNew(key) {
    if (known.has(key)) return false;
    known.add(key);
    return true;
  }

  function wait(name, action, milliseconds) {
    clearTimeout(timers[name]);
    timers[name] = setTimeout(action, milliseconds);
  }

  function backOff() {
    const now = delay * (0.8 + 0.4 * Math.random()); // not all phones at the same moment
    delay = Math.min(delay * 1.5, 15000);
    return now;
  }

  /** fetch with patience for a bad network, but not without end. */
  function ask(address, options) {
    const late = new Promise((_, refuse) => setTimeout(refuse, 20000, new Error('late')));
    return Promise.race([fetch(address, Object.assign({ credentials: 'same-origin', cache: 'no-store' }, options)), late]);
  }

  /** A visit to the page names us anew; then we listen under the new name. */
  async function renewed() {
    try {
      if (!(await ask('/chat')).ok) return false;
    } catch (error) {
      return false;
    }
    wait('catchUp', catchUp, 300);
    return true;
  }

  async function fault(response) {
    try {
      return (await response.json()).error;
    } catch (error) {
      return '系统正忙，请过一会儿再试。';
    }
  }

  function keepUnsent() {
    kept.set('guiyan.unsent', unsent);
  }

  /** localStorage, or memory where it is forbidden. */
  function keeper() {
    return {
      get: (name, otherwise) => {
        try {
          return JSON.parse(localStorage.getItem(name)) || otherwise;
        } catch (error) {
          return otherwise;
        }
      },
      set: (name, value) => {
        try {
          localStorage.setItem(name, JSON.stringify(value));
        } catch (error) {
          // private browsing: it lives as long as the page
        }
      }
    };
  }

  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, byte => ('0' + byte.toString(16)).slice(-2)).join('');
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
  }

  part('form').addEventListener('submit', submit);
  part('say').addEventListener('keydown', enter);
  part('say').addEventListener('input', grow);
  part('size').addEventListener('click', () => resizeText((Number(root.dataset.size) % 3) + 1));
  document.querySelectorAll('[data-say]').forEach(button => {
    button.addEventListener('click', () => speak({ text: button.dataset.say }, button.dataset.say));
  });
  part('picture').addEventListener('click', () => part('file').click());
  part('file').addEventListener('change', () => {
    if (part('file').files.length) bring(part('file').files[0]);
    part('file').value = '';
  });
  window.addEventListener('online', comeBack);
  window.addEventListener('offline', () => lost(0));
  window.addEventListener('pageshow', event => { if (event.persisted) comeBack(); });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (!source || Date.now() - hiddenAt > 10000) comeBack();
  });
  if (window.visualViewport) {
    visualViewport.addEventListener('resize', fit);
    visualViewport.addEventListener('scroll', fit);
  }
  window.addEventListener('resize', fit);

  resizeText(kept.get('guiyan.size', 1));
  fit();
  catchUp();
})();
