import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { sendEndlessBody } from '@pidentify/platform/testing';

/** What a server does with a call in place of a proper answer. */
export type Fault =
  | { fault: 'status'; status: number; headers?: Record<string, string>; body?: unknown }
  | { fault: 'html'; status: number }
  | { fault: 'slow'; ms: number }
  | {
      fault:
        | 'hang'
        | 'hang-in-body'
        | 'garbage'
        | 'truncated'
        | 'wrong-types'
        | 'empty'
        | 'reset'
        | 'reset-in-body'
        | 'endless';
    }
  | { fault: 'redirect'; to: string };

export type Call = { path: string; headers: IncomingHttpHeaders; form: FormData };

export type ServiceServer = {
  url: string;
  calls: Call[];
  /** The next calls go wrong in this way, one each; then all is well. */
  next(...faults: Fault[]): void;
  /** Every call goes wrong in this way; null: all is well. */
  always(fault: Fault | null): void;
  close(): Promise<void>;
};

const json = { 'content-type': 'application/json; charset=utf-8' };
const html = '<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>';

/**
 * A real HTTP server that answers as a service does (`answer`: from the form of a call to what is sent as JSON) or goes
 * wrong as told. `wrongTypes`: an answer whose fields are of other types.
 */
export async function startServiceServer({
  answer,
  wrongTypes,
}: {
  answer(form: FormData, path: string): unknown | Promise<unknown>;
  wrongTypes: unknown;
}): Promise<ServiceServer> {
  const calls: Call[] = [];
  const queue: Fault[] = [];
  let standing: Fault | null = null;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const path = request.url ?? '/';
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': request.headers['content-type'] ?? '' },
    }).formData();
    calls.push({ path, headers: request.headers, form });
    const fault = queue.shift() ?? standing;
    const right = JSON.stringify(await answer(form, path));
    const proper = () => response.writeHead(200, json).end(right);
    if (fault) misbehave({ fault, response, proper, wrongTypes });
    else proper();
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error) => response.writeHead(400).end(String(error)));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    calls,
    next: (...faults) => void queue.push(...faults),
    always: (fault) => {
      standing = fault;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function misbehave({
  fault: how,
  response,
  proper,
  wrongTypes,
}: {
  fault: Fault;
  response: ServerResponse;
  proper: () => void;
  wrongTypes: unknown;
}): void {
  switch (how.fault) {
    case 'status':
      response.writeHead(how.status, { ...json, ...how.headers }).end(JSON.stringify(how.body ?? {}));
      return;
    case 'html':
      response.writeHead(how.status, { 'content-type': 'text/html' }).end(html);
      return;
    case 'slow':
      setTimeout(proper, how.ms);
      return;
    case 'hang':
      return;
    case 'hang-in-body':
      response.writeHead(200, json).write('{"status":');
      return;
    case 'garbage':
      response.writeHead(200, json).end(Buffer.from([0x00, 0xff, 0x7b, 0x5b, 0x80, 0x22]));
      return;
    case 'truncated':
      response.writeHead(200, json).end('{"status":"success","result":{"artist":"The Ni');
      return;
    case 'wrong-types':
      response.writeHead(200, json).end(JSON.stringify(wrongTypes));
      return;
    case 'empty':
      response.writeHead(200, json).end();
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'reset-in-body':
      response.writeHead(200, json).write('{"status":', () => response.socket?.resetAndDestroy());
      return;
    case 'endless':
      sendEndlessBody(response.writeHead(200, json));
      return;
    case 'redirect':
      response.writeHead(307, { location: how.to }).end();
  }
}
