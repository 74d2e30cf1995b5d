import { BlockList } from 'node:net';
import { PidentifyError } from '@pidentify/contracts';
import type { FastifyRequest } from 'fastify';
import { isOwnName } from './guard.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** What a proxy adds to the requests that it hands on. */
const marksOfProxies = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/**
 * For what happens on the screen of this computer: whoever asks has to sit at it. A proxy that runs here
 * asks for somebody elsewhere.
 * @throws PidentifyError not_this_computer
 */
export async function onlyThisComputer({ ip, headers }: FastifyRequest): Promise<void> {
  const isLoopback = loopback.check(ip, ip.includes(':') ? 'ipv6' : 'ipv4');
  const isProxied = marksOfProxies.some((mark) => headers[mark] !== undefined);
  if (!isLoopback || isProxied || !isOwnName(headers.host)) throw new PidentifyError('not_this_computer');
}
