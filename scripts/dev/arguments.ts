/** What `npm run dev` was given. */
export type DevArguments = {
  headless: boolean;
  /** By its own words: lines of JSON, and standard input for orders. */
  startedByWindow: boolean;
  /** Of the page; undefined: 8000 or the next that is free. */
  port?: number;
  /** For the supervisor, which also says what is wrong with them. */
  passedOn: string[];
};

/** Takes out what development decides by itself. A port that is none is 0: any free one. */
export function readDevArguments(args: readonly string[]): DevArguments {
  const found: DevArguments = { headless: false, startedByWindow: false, passedOn: [] };
  const rest = [...args];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [name, value] = argument.split(/=(.*)/s, 2);
    if (name === '--headless' || name === '--no-open') found.headless = true;
    else if (name === '--watch-stdin') found.startedByWindow = true;
    else if (name === '--events') value ?? rest.shift();
    else if (name === '--port') found.port = Number(value ?? rest.shift()) || 0;
    else found.passedOn.push(argument);
  }
  return found;
}
