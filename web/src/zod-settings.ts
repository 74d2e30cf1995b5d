import { z } from 'zod';

// Otherwise zod compiles its parsers with `new Function`, which a strict Content-Security-Policy reports
// as a breach. It looks at this when a schema is made, so this file comes before every schema.
z.config({ jitless: true });
