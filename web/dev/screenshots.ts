import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { ripId } from './fake-data.ts';
import { startFakeServer } from './fake-server.ts';
import { type ScenarioName, scenarioNames } from './scenarios.ts';
import { type Shot, shots } from './shots.ts';

const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1100, height: 800 } } as const;
const schemes = ['dark', 'light'] as const;
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

type Finding = { shot: string; rule: string; nodes: string[] };

/** Takes every shot in every size and scheme; returns what axe found and what the console said. */
async function shoot({ browser, out, only }: { browser: Browser; out: string; only: string | undefined }) {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const findings: Finding[] = [];
  const complaints: string[] = [];
  for (const scenario of scenarioNames) {
    const wanted = shots.filter(
      (shot) => shot.scenario === scenario && (!only || nameOf(shot).includes(only)),
    );
    for (const shot of wanted) {
      for (const [size, viewport] of Object.entries(sizes)) {
        for (const scheme of schemes) {
          const server = await startFakeServer({ scenario: scenario as ScenarioName, port: 0 });
          const name = `${nameOf(shot)}-${size}-${scheme}`;
          const context = await browser.newContext({ viewport, colorScheme: scheme, bypassCSP: true });
          const page = await context.newPage();
          page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`));
          page.on('console', (message) => {
            if (message.type() === 'error' && !/Failed to load|WebSocket/.test(message.text())) {
              complaints.push(`${name}: ${message.text()}`);
            }
          });
          await open({ page, url: server.url, shot });
          await page.screenshot({ path: join(out, `${name}.png`), fullPage: shot.full ?? true });
          findings.push(...(await check({ page, axe, name })));
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (overflow > 0) complaints.push(`${name}: ${overflow} px too wide`);
          await context.close();
          await server.close();
        }
      }
    }
  }
  return { findings, complaints };
}

const nameOf = (shot: Shot) => `${shot.page}-${shot.scenario}`;

async function open({ page, url, shot }: { page: Page; url: string; shot: Shot }): Promise<void> {
  await page.goto(url + shot.path.replace(':id', ripId));
  await page.waitForLoadState('load');
  await page.waitForTimeout(600);
  await shot.prepare?.(page);
}

async function check({ page, axe, name }: { page: Page; axe: string; name: string }): Promise<Finding[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(
    (tags) =>
      (
        window as unknown as {
          axe: {
            run: (
              where: Document,
              options: object,
            ) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
          };
        }
      ).axe.run(document, {
        runOnly: { type: 'tag', values: tags },
        // What opens above the page (menus, lists) is outside the landmarks on purpose.
        rules: { region: { enabled: false } },
      }),
    rules,
  );
  return found.violations.map(({ id, nodes }) => ({
    shot: name,
    rule: id,
    nodes: nodes.map(
      ({ html, failureSummary }) => `${html.slice(0, 160)} :: ${failureSummary.slice(0, 260)}`,
    ),
  }));
}

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: '/tmp/pid-shots' },
    only: { type: 'string' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
await mkdir(values.out, { recursive: true });
const browser = await chromium.launch({ executablePath: values.chromium, args: flags, headless: true });
const report = await shoot({ browser, out: values.out, only: values.only });
await browser.close();
await writeFile(join(values.out, 'report.json'), JSON.stringify(report, null, 2));
console.log(JSON.stringify(report, null, 2));
console.log(`${report.findings.length} accessibility findings, ${report.complaints.length} complaints`);
process.exitCode = report.findings.length + report.complaints.length === 0 ? 0 : 1;
