/** Everything the bus touches in Valkey begins with this; the rights of its user end there. */
const prefix = 'pid:';
const replyPrefix = `${prefix}reply:`;

export const messageChannel = (name: string): string => `${prefix}message:${name}`;
export const questionChannel = (name: string): string => `${prefix}ask:${name}`;
export const replyChannel = (client: string): string => `${replyPrefix}${client}`;
export const valueKey = (name: string): string => `${prefix}value:${name}`;

/** Answers go only where somebody of this program waits for one. */
export const isReplyChannel = (channel: string): boolean => channel.startsWith(replyPrefix);
