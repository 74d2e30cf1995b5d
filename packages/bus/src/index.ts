export { connectBus } from './connect.ts';
export type { BusState } from './connection.ts';
export { type RespServer, type RespServerOptions, startRespServer } from './resp/server.ts';
export type { Bus, BusLog, BusOptions, Subscription } from './types.ts';
