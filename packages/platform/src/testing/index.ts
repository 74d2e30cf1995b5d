export * from './counter-signal.ts';
export * from './endless-body.ts';
export * from './pulse-rig.ts';
export * from './valkey-rig.ts';
