import helmet from '@fastify/helmet';
import websocket from '@fastify/websocket';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { answerError, rawErrorAnswer } from './answer.ts';
import { createGuard } from './guard.ts';
import { serveWebClient } from './web-client.ts';

/** A Fastify whose schemas are zod: requests are parsed, answers lose what is not in their schema. */
export type App = FastifyInstance<
  import('node:http').Server,
  import('node:http').IncomingMessage,
  import('node:http').ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Bytes of a JSON body; a batch of 1000 ids is 40 kB. */
const bodyLimit = 256 * 1024;

/**
 * The HTTP server with everything that holds for every route: who may ask, how errors are answered,
 * headers, WebSockets and the web client. Routes come after it.
 */
export async function createApp({
  logLevel,
  webFolder,
  names,
  port,
}: {
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  webFolder: string | null;
  /** Names a browser may ask for besides our own. */
  names: readonly string[];
  /** The port as clients name it; default: the one it listens on. */
  port?: () => number;
}): Promise<App> {
  const app: App = fastify({
    logger: { level: logLevel, base: { service: 'server' } },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    // A small computer may take longer than the usual 10 s; whoever starts us has a limit of its own.
    pluginTimeout: 0,
    // A browser keeps connections open and plays long recordings; neither may hold up the end.
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 256 },
    frameworkErrors: answerError,
    clientErrorHandler: (_error, socket) => {
      if (socket.writable) socket.end(rawErrorAnswer('bad_request'));
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  app.addHook('onRequest', closeRefusedUpgrade);
  app.addHook('onRequest', createGuard({ port: port ?? (() => listeningPort(app)), names }));
  await app.register(helmet, securityHeaders);
  await app.register(websocket, {
    options: { maxPayload: 4096 },
    errorHandler: (error, socket, request) => {
      request.log.debug({ err: error }, 'a WebSocket was ended');
      socket.terminate();
    },
  });
  await serveWebClient(app as unknown as FastifyInstance, { folder: webFolder });
  return app;
}

/**
 * Node hands over the socket of a request with an Upgrade header: where it does not become a WebSocket,
 * nobody would ever close it, and the server could not stop.
 */
async function closeRefusedUpgrade({ raw, headers }: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (headers.upgrade === undefined) return;
  reply.header('connection', 'close');
  reply.raw.once('finish', () => raw.socket.destroySoon());
}

function listeningPort(app: App): number {
  const address = app.server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

const self = "'self'";
const securityHeaders = {
  // We speak plain HTTP on loopback: https must not be forced on anybody.
  strictTransportSecurity: false,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: [self],
      scriptSrc: [self],
      // Mantine writes style attributes and elements.
      styleSrc: [self, "'unsafe-inline'"],
      // An older database names pictures of music services by their web address.
      imgSrc: [self, 'data:', 'blob:', 'https:', 'http:'],
      mediaSrc: [self, 'blob:'],
      workerSrc: [self, 'blob:'],
      connectSrc: [self, 'ws:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: [self],
      frameAncestors: ["'none'"],
    },
  },
};
