// Health check of the container: ends with 0 when the page answers, every service runs or will again, and they reach
// each other. An input that is not plugged in is no illness.
const answer = await fetch('http://127.0.0.1:8000/api/health', { signal: AbortSignal.timeout(8_000) });
const { services, bus } = await answer.json();
const failed = services.filter(({ state }) => state === 'failed').map(({ name }) => name);
if (!answer.ok || bus !== 'connected' || failed.length > 0) {
  process.stderr.write(`status ${answer.status}, bus ${bus}, given up: ${failed.join(', ') || 'nothing'}\n`);
  process.exit(1);
}
