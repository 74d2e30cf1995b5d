/** What we use of respjs, which ships no types. */
declare module 'respjs' {
  const Resp: {
    encodeNull: () => Buffer;
    encodeString: (text: string) => Buffer;
    encodeInteger: (value: number) => Buffer;
    encodeBufBulk: (bytes: Buffer) => Buffer;
    encodeArray: (items: Buffer[]) => Buffer;
  };
  export default Resp;
}
