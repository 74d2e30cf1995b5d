import Resp from 'respjs';

const bulk = (text: string) => Resp.encodeBufBulk(Buffer.from(text, 'latin1'));

/** Replies as bytes; texts are latin1, as the reader delivers them. */
export const reply = {
  ok: Resp.encodeString('OK'),
  none: Resp.encodeNull(),
  status: (text: string) => Resp.encodeString(text),
  bulk,
  number: (value: number) => Resp.encodeInteger(value),
  list: (items: Buffer[]) => Resp.encodeArray(items),
  /** `kind` is the first word, which clients tell errors apart by. */
  error: (kind: string, text: string) =>
    Buffer.from(`-${kind} ${text.replace(/[\r\n]+/g, ' ').slice(0, 200)}\r\n`, 'latin1'),
  push: (kind: string, channel: string, what: Buffer) => Resp.encodeArray([bulk(kind), bulk(channel), what]),
};
