// Stands in for supervisor/src/main.ts where a test of the window needs a child that is slow, fails or
// dies. It speaks the same JSON lines; PIDENTIFY_FAKE says what it does, in words separated by spaces:
// fail, slow=MS, wrong-token, deaf (ignores orders to stop), slow-stop=MS, port=N. Asked for /hang it does nothing more.
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

const words = (process.env.PIDENTIFY_FAKE ?? '').split(' ').filter(Boolean);
const has = (word) => words.includes(word);
const value = (name) => Number(words.find((word) => word.startsWith(`${name}=`))?.split('=')[1] ?? 0);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const version = '0.1.0';
const token = 'fake-token';

// As the real one: a reader that is gone is no reason to end out of order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
process.stderr.write(`fake supervisor: ${process.argv.slice(2).join(' ')}\n`);
say({ phase: 'services', text: 'Starting services', progress: 0.4 });

// A service that only ends by a signal: what the window must not leave behind.
const service = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'pidentify-fake-service'], {
  stdio: 'ignore',
});

function stop(status) {
  if (has('deaf')) return;
  service.kill('SIGTERM');
  say({ stopped: { status } });
  process.exit(status);
}

async function end() {
  if (!has('deaf')) say({ phase: 'stopping', text: 'Stopping' });
  await pause(value('slow-stop'));
  stop(0);
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    process.stderr.write(`order: ${line}\n`);
    if (JSON.parse(line).cmd === 'shutdown') void end();
  })
  .on('close', end);

if (has('fail')) {
  process.stderr.write('Error: the database is of a newer version\n    at migrate (migrations.ts:12)\n');
  say({ failed: { code: 'database_too_new', message: 'The database was made by a newer Pidentify.' } });
  await pause(100);
  stop(1);
}
await pause(value('slow'));

// A page with what it may not do.
const page = `<!doctype html><title>Fake page</title><body style="background:#fff;color:#111;font:24px sans-serif">
<h1 id="here">Page of the services</h1><a id="outside" href="https://example.com/">out</a>
<a id="file" href="file:///etc/passwd">file</a><a id="blank" target="_blank" href="http://127.0.0.1:1/">new</a>
<a id="save" href="/take.txt" download>save</a></body>`;

const server = createServer((request, response) => {
  const { pathname: path, searchParams } = new URL(request.url, 'http://x');
  if (path === '/api/health') {
    const secret = has('wrong-token') ? 'another' : token;
    const proof = createHmac('sha256', secret).update(request.headers['x-pidentify-nonce']).digest('hex');
    response.setHeader('x-pidentify-proof', proof).setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'ok', service: 'pidentify', version }));
  } else if (path === '/request') {
    say({ request: JSON.parse(searchParams.get('json')) });
    response.end('asked');
  } else if (path === '/hang') {
    for (;;);
  } else {
    response.setHeader('content-type', path.endsWith('.txt') ? 'application/octet-stream' : 'text/html');
    response.end(path.endsWith('.txt') ? 'a take' : page);
  }
});
server.listen(value('port'), '127.0.0.1', () => {
  const { port } = server.address();
  say({ ready: { url: `http://127.0.0.1:${port}`, port, token, version } });
});
