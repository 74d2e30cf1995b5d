export * from './counter-signal.ts';
export * from './pulse-rig.ts';
export * from './valkey-rig.ts';
