// The shell pushes what to show (`pidentifySplash.show`); the buttons are its three commands.
// Loaded as it is, with no build: plain JavaScript of the webviews we support.

const element = (id) => document.getElementById(id);

/** view: {state: "starting", text, progress: 0..1|null} | {state: "failed", message, code, lines: [string]} */
function show(view) {
  const failed = view.state === 'failed';
  element('starting').hidden = failed;
  element('failed').hidden = !failed;
  if (failed) showFailure(view);
  else showProgress(view);
}

function showProgress({ text, progress }) {
  element('text').textContent = text;
  if (typeof progress === 'number') element('progress').value = progress;
  else element('progress').removeAttribute('value');
}

function showFailure({ message, code, lines }) {
  element('message').textContent = message;
  element('code').textContent = code;
  const log = element('log');
  log.value = lines.join('\n');
  log.hidden = lines.length === 0;
  if (!log.hidden) fitToText(log);
  log.scrollTop = log.scrollHeight;
  element('retry').focus();
}

const mostRows = 10;

/** As high as its text, up to a limit. */
function fitToText(log) {
  log.rows = 1;
  const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(log);
  const text = log.scrollHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom);
  log.rows = Math.min(mostRows, Math.round(text / Number.parseFloat(lineHeight)));
}

addEventListener('resize', () => {
  if (!element('log').hidden) fitToText(element('log'));
});

for (const [id, command] of [
  ['retry', 'retry'],
  ['open-logs', 'open_logs'],
  ['quit', 'quit'],
]) {
  element(id).addEventListener('click', () => window.__TAURI_INTERNALS__.invoke(command));
}

window.pidentifySplash = { show };
