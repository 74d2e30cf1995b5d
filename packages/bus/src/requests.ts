import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type BusAnswer,
  type BusQuestion,
  type BusRequestName,
  busQuestionSchema,
  busReplySchema,
  busRequests,
  fromWireError,
  PidentifyError,
  toPidentifyError,
  type WireError,
} from '@pidentify/contracts';
import type { BusConnection } from './connection.ts';
import { isReplyChannel, questionChannel, replyChannel } from './names.ts';
import type { Bus, BusLog } from './types.ts';
import { type Parser, parseJson, parseValue } from './wire.ts';

type Edge = { connection: BusConnection; log: BusLog };
type Reply = { answer?: unknown; error?: WireError };
type Waiting = { resolve: (reply: Reply) => void; reject: (error: PidentifyError) => void };

/** So long after Valkey came back the other side may still be on its way. */
const reunionMs = 1_000;

/** Asks questions; all answers come through one channel that is heard before anything is asked. */
export function asker({ connection, log }: Edge): Bus['ask'] {
  const channel = replyChannel(randomUUID());
  const waiting = new Map<string, Waiting>();
  connection.listen(channel, (text) => {
    const parsed = parseJson(busReplySchema, text);
    if (!parsed.ok) return log('warn', `bus: dropped an answer that does not parse: ${parsed.problem}`);
    waiting.get(parsed.value.id)?.resolve(parsed.value);
  });
  connection.watch((state) => {
    if (state === 'connected') return;
    for (const { reject } of waiting.values()) reject(new PidentifyError('bus_unavailable'));
  });

  return async (name, question, { timeoutMs }) => {
    const deadline = performance.now() + timeoutMs;
    if (!(await connection.whenConnected(timeoutMs))) throw new PidentifyError('bus_unavailable');
    const id = randomUUID();
    const text = JSON.stringify({ id, reply: channel, question: busRequests[name].question.parse(question) });
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    waiting.set(id, { resolve, reject });
    const late = () => reject(new PidentifyError('bus_timeout', `(${name})`));
    const timer = setTimeout(late, Math.max(0, deadline - performance.now()));
    try {
      // Both at once: the answer may be there before the command has returned.
      const [reply] = await Promise.all([promise, deliver({ connection, name, text, deadline })]);
      return readReply({ name, reply });
    } finally {
      clearTimeout(timer);
      waiting.delete(id);
    }
  };
}

/** Publishes the question; throws when nobody is there to hear it. */
async function deliver(options: {
  connection: BusConnection;
  name: BusRequestName;
  text: string;
  deadline: number;
}): Promise<void> {
  const { connection, name, text, deadline } = options;
  for (;;) {
    const listeners = await connection.commands
      .publish(questionChannel(name), text)
      .catch((cause: unknown) => {
        throw new PidentifyError('bus_unavailable', undefined, { cause });
      });
    if (listeners > 0) return;
    if (connection.age > reunionMs || performance.now() + 100 > deadline) break;
    await pause(100);
  }
  throw new PidentifyError(
    name.startsWith('recorder.') ? 'recorder_unavailable' : 'bus_unavailable',
    `(${name})`,
  );
}

function readReply<N extends BusRequestName>({ name, reply }: { name: N; reply: Reply }): BusAnswer<N> {
  if (reply.error) throw fromWireError(reply.error);
  const parser = busRequests[name].answer as unknown as Parser<BusAnswer<N>>;
  const parsed = parseValue(parser, reply.answer);
  if (parsed.ok) return parsed.value;
  throw new PidentifyError('internal_error', undefined, { cause: new Error(parsed.problem) });
}

/** Answers questions of one name. */
export function answerer({ connection, log }: Edge): Bus['answer'] {
  return (name, handler) =>
    connection.listen(questionChannel(name), async (text) => {
      const envelope = parseJson(busQuestionSchema, text);
      if (!envelope.ok || !isReplyChannel(envelope.value.reply)) {
        return log('warn', `bus: dropped a ${name} question that does not parse`);
      }
      const { id, reply, question } = envelope.value;
      const outcome = await answerTo({ name, question, handler, log });
      // Questions are heard a moment before answers can be sent, when the connection is new.
      await connection.whenConnected(2_000);
      // The asker's time limit covers an answer that cannot be sent.
      await connection.commands.publish(reply, JSON.stringify({ id, ...outcome })).catch((error: Error) => {
        log('warn', `bus: the answer to ${name} could not be sent: ${error.message}`);
      });
    });
}

async function answerTo<N extends BusRequestName>(options: {
  name: N;
  question: unknown;
  handler: (question: BusQuestion<N>) => BusAnswer<N> | Promise<BusAnswer<N>>;
  log: BusLog;
}): Promise<Reply> {
  const { name, question, handler, log } = options;
  const parsed = parseValue(busRequests[name].question as unknown as Parser<BusQuestion<N>>, question);
  if (!parsed.ok) return { error: { code: 'bad_request', message: `${name}: ${parsed.problem}` } };
  try {
    return { answer: busRequests[name].answer.parse(await handler(parsed.value)) };
  } catch (thrown) {
    const { code, message } = toPidentifyError(thrown);
    if (code === 'internal_error') log('error', `bus: answering ${name} failed: ${(thrown as Error).stack}`);
    return { error: { code, message } };
  }
}
