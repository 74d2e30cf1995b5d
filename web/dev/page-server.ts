import { startFakeServer } from './fake-server.ts';
import type { ScenarioName } from './scenarios.ts';

type WindowOfTests = { happyDOM: { setURL: (url: string) => void } };

/** Starts the made-up server as the one this page came from; `close` ends it, before the page is. */
export async function startPageServer({ scenario }: { scenario: ScenarioName }) {
  const server = await startFakeServer({ scenario, port: 0 });
  (window as unknown as WindowOfTests).happyDOM.setURL(server.url);
  const original = globalThis.fetch;
  const asked: string[] = [];
  const answers: Promise<Response>[] = [];
  const fetchWhole = async (input: RequestInfo | URL, init?: RequestInit) => {
    const answer = await original(input, init);
    return new Response(await answer.text(), { status: answer.status });
  };
  globalThis.fetch = (input, init) => {
    asked.push(`${init?.method ?? 'GET'} ${input}`);
    const answer = fetchWhole(input, init);
    answers.push(answer);
    return answer;
  };
  return {
    /** Method and path of every request so far. */
    asked,
    close: async () => {
      // A request that is cut off would be reported as an error of the test.
      await Promise.allSettled(answers);
      globalThis.fetch = original;
      await server.close();
    },
  };
}
