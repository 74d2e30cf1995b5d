import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendEndlessBody } from '@pidentify/platform/testing';

/** A track as LRCLIB has it; what is left out is null there. */
export type LrclibTrack = { syncedLyrics?: string; plainLyrics?: string; instrumental?: boolean };

/** In place of the proper answer: another one, or one that never comes (`hang`) or never ends (`endless`). */
export type LrclibFault =
  | { status: number; headers?: Record<string, string>; body?: string }
  | 'slow'
  | 'hang'
  | 'endless';

export type FakeLrclib = {
  url: string;
  calls: { query: Record<string, string>; headers: IncomingHttpHeaders }[];
  /** How many were being answered at once, at most. */
  mostAtOnce: () => number;
  /** What it has, by title. */
  tracks: Map<string, LrclibTrack>;
  /** The next answers go wrong like this, one each. */
  next: (...faults: LrclibFault[]) => void;
  close: () => Promise<void>;
};

const json = { 'content-type': 'application/json' };
const slowMs = 300;

/** A real HTTP server that answers GET /api/get as https://lrclib.net does. */
export async function startFakeLrclib(): Promise<FakeLrclib> {
  const tracks = new Map<string, LrclibTrack>();
  const calls: FakeLrclib['calls'] = [];
  const faults: LrclibFault[] = [];
  let open = 0;
  let most = 0;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const query = Object.fromEntries(searchParams);
    calls.push({ query, headers: request.headers });
    open += 1;
    most = Math.max(most, open);
    response.once('close', () => {
      open -= 1;
    });
    const proper = () => answer(response, pathname === '/api/get' ? query : {}, tracks);
    const fault = faults.shift();
    if (fault) misbehave(fault, response, proper);
    else proper();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    calls,
    mostAtOnce: () => most,
    tracks,
    next: (...more) => void faults.push(...more),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function answer(
  response: ServerResponse,
  query: Record<string, string | undefined>,
  tracks: Map<string, LrclibTrack>,
): void {
  const { track_name = '', artist_name = '', album_name = null, duration } = query;
  if (!track_name || !artist_name) {
    const refusal = { statusCode: 400, name: 'ValidationError', message: 'track_name: cannot be empty' };
    response.writeHead(400, json).end(JSON.stringify(refusal));
    return;
  }
  const track = tracks.get(track_name);
  if (!track) {
    const refusal = { statusCode: 404, name: 'TrackNotFound', message: 'Failed to find specified track' };
    response.writeHead(404, json).end(JSON.stringify(refusal));
    return;
  }
  const { syncedLyrics = null, plainLyrics = null, instrumental = false } = track;
  const facts = { id: 3396226, name: track_name, trackName: track_name, artistName: artist_name };
  const length = duration === undefined ? null : Number(duration);
  response.writeHead(200, json).end(
    JSON.stringify({
      ...facts,
      albumName: album_name,
      duration: length,
      instrumental,
      plainLyrics,
      syncedLyrics,
    }),
  );
}

function misbehave(fault: LrclibFault, response: ServerResponse, proper: () => void): void {
  if (fault === 'slow') setTimeout(proper, slowMs);
  else if (fault === 'endless') sendEndlessBody(response.writeHead(200, json));
  else if (fault !== 'hang')
    response.writeHead(fault.status, { ...json, ...fault.headers }).end(fault.body ?? '{}');
}
