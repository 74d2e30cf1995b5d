import { busMessages, busValues, PidentifyError } from '@pidentify/contracts';
import type { BusConnection } from './connection.ts';
import { messageChannel, valueKey } from './names.ts';
import type { Bus, BusLog } from './types.ts';
import { type Parser, parseJson } from './wire.ts';

type Edge = { connection: BusConnection; log: BusLog };

export function publisher({ connection, log }: Edge): Bus['publish'] {
  return async (name, payload) => {
    if (connection.state !== 'connected') return 0;
    const text = JSON.stringify(busMessages[name].parse(payload));
    try {
      return await connection.commands.publish(messageChannel(name), text);
    } catch (error) {
      // The connection broke under it; a bus message may be lost, that is its contract.
      log('debug', `bus: ${name} was not published: ${(error as Error).message}`);
      return 0;
    }
  };
}

export function subscriber({ connection, log }: Edge): Bus['subscribe'] {
  return (name, handler) => {
    const parser = busMessages[name] as unknown as Parser<Parameters<typeof handler>[0]>;
    return connection.listen(messageChannel(name), async (text) => {
      const parsed = parseJson(parser, text);
      if (!parsed.ok) return log('warn', `bus: dropped a ${name} that does not parse: ${parsed.problem}`);
      try {
        await handler(parsed.value);
      } catch (error) {
        // One handler's failure must not end the connection that all others share.
        log('error', `bus: handling ${name} failed: ${(error as Error).stack ?? error}`);
      }
    });
  };
}

export function valueSetter({ connection, log }: Edge): Bus['setValue'] {
  return async (name, payload, ttlSeconds) => {
    if (connection.state !== 'connected') return false;
    const text = JSON.stringify(busValues[name].parse(payload));
    try {
      await connection.commands.set(valueKey(name), text, 'PX', Math.max(1, Math.round(ttlSeconds * 1000)));
      return true;
    } catch (error) {
      // The caller learns it from the result, and says it again on the next connection.
      log('debug', `bus: ${name} was not kept: ${(error as Error).message}`);
      return false;
    }
  };
}

export function valueGetter({ connection, log }: Edge): Bus['getValue'] {
  return async (name) => {
    const text = await connection.commands.get(valueKey(name)).catch((cause: unknown) => {
      throw new PidentifyError('bus_unavailable', undefined, { cause });
    });
    if (text === null) return null;
    const parser = busValues[name] as unknown as Parser<Awaited<ReturnType<Bus['getValue']>>>;
    const parsed = parseJson(parser, text);
    if (parsed.ok) return parsed.value as never;
    log('warn', `bus: the value ${name} does not parse: ${parsed.problem}`);
    return null;
  };
}
