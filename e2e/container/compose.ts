/** Reads compose.yaml as an engine without compose has to be told. */
import { parse } from 'yaml';
import { z } from 'zod';
import { read } from '../../checks/tree.ts';

const serviceSchema = z.strictObject({
  build: z.literal('.'),
  image: z.string(),
  restart: z.literal('unless-stopped'),
  user: z.string(),
  ports: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  volumes: z.array(z.string()),
  stop_grace_period: z.string().regex(/^\d+s$/),
  security_opt: z.array(z.string()),
  cap_drop: z.array(z.string()),
  read_only: z.boolean(),
  tmpfs: z.array(z.string()),
});
const composeSchema = z.strictObject({
  services: z.strictObject({ pidentify: serviceSchema }),
  volumes: z.record(z.string(), z.null()),
});

export type ComposeService = z.infer<typeof serviceSchema>;

/** The service, with `variables` or the defaults in place of `${NAME:-default}`. Throws on what it does not know. */
export function composeService(variables: Record<string, string>): ComposeService {
  const text = read('compose.yaml').replace(
    /\$\{(\w+):-([^}]*)\}/g,
    (_, name: string, otherwise: string) => variables[name] ?? otherwise,
  );
  return composeSchema.parse(parse(text)).services.pidentify;
}

/** Options of `podman run` that do what the service says; ports are for a network that has an outside. */
export function podmanOptions(service: ComposeService): string[] {
  const each = (option: string, values: string[]) => values.flatMap((value) => [option, value]);
  return [
    ...each(
      '--env',
      Object.entries(service.environment).map(([name, value]) => `${name}=${value}`),
    ),
    ...each('--volume', service.volumes),
    ...each(
      '--security-opt',
      service.security_opt.map((option) => option.replace(':true', '')),
    ),
    ...each('--cap-drop', service.cap_drop),
    ...each('--tmpfs', service.tmpfs),
    `--user=${service.user}`,
    `--stop-timeout=${Number.parseInt(service.stop_grace_period, 10)}`,
    ...(service.read_only ? ['--read-only'] : []),
  ];
}
