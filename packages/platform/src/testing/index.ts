export * from './valkey-rig.ts';
