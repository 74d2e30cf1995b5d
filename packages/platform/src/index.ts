export * from './capture.ts';
export * from './folders.ts';
export * from './guarded.ts';
export * from './host.ts';
export * from './input.ts';
export * from './valkey.ts';
