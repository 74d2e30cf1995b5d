/**
 * Checks the signatures that `tauri build` makes: minisign, base64 once more around it. Format:
 * https://jedisct1.github.io/minisign/ ("Signature format", "Public key format").
 */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

export type PublicKey = { id: string; key: KeyObject };

/** What a signature says of its file; all of it is covered by the signature. */
export type TrustedComment = { file: string | null; version: string | null };

/** What an Ed25519 key has before its 32 bytes in the form that node:crypto reads (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** Reads what `tauri signer generate` writes into the .pub file. Throws when it is something else. */
export function readPublicKey(text: string): PublicKey {
  const [, line = ''] = decode(text, 'public key').split('\n');
  const bytes = Buffer.from(line, 'base64');
  if (bytes.length !== 42 || bytes.subarray(0, 2).toString('latin1') !== 'Ed')
    throw new Error('This is not the public key of an updater: `tauri signer generate` makes one.');
  const key = createPublicKey({
    key: Buffer.concat([spkiPrefix, bytes.subarray(10)]),
    format: 'der',
    type: 'spki',
  });
  return { id: keyId(bytes), key };
}

/**
 * Verifies the text of a .sig file over `bytes` and returns what it says of the file. Throws with a sentence
 * about what does not fit.
 */
export function verifySignature(options: { key: PublicKey; text: string; bytes: Buffer }): TrustedComment {
  const { key, text, bytes } = options;
  const [, line = '', comment = '', global = ''] = decode(text, 'signature').split('\n');
  const signature = Buffer.from(line, 'base64');
  const algorithm = signature.subarray(0, 2).toString('latin1');
  if (signature.length !== 74 || !['Ed', 'ED'].includes(algorithm)) throw new Error('it is not a signature');
  if (keyId(signature) !== key.id) throw new Error(`it was made with the key ${keyId(signature)}`);
  const signed = algorithm === 'ED' ? createHash('blake2b512').update(bytes).digest() : bytes;
  if (!verify(null, signed, key.key, signature.subarray(10))) throw new Error('it is not of this file');
  const said = comment.replace(/^trusted comment: /, '');
  const whole = Buffer.concat([signature.subarray(10), Buffer.from(said)]);
  if (!verify(null, whole, key.key, Buffer.from(global, 'base64')))
    throw new Error('its trusted comment was changed');
  return { file: field(said, 'file'), version: field(said, 'version') };
}

function decode(text: string, what: string): string {
  const decoded = Buffer.from(text.trim(), 'base64').toString('utf8');
  if (!decoded.startsWith('untrusted comment:')) throw new Error(`it is not a ${what} of Tauri's updater`);
  return decoded;
}

const keyId = (bytes: Buffer) => Buffer.from(bytes.subarray(2, 10)).reverse().toString('hex').toUpperCase();

function field(comment: string, name: string): string | null {
  const found = comment.split('\t').find((part) => part.startsWith(`${name}:`));
  return found ? found.slice(name.length + 1) : null;
}
