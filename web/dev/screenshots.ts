import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { ripId } from './fake-data.ts';
import { startFakeServer } from './fake-server.ts';
import { type ScenarioName, scenarioNames } from './scenarios.ts';
import { type Shot, shots } from './shots.ts';

const schemes = ['dark', 'light'] as const;
/** Colours fade into those of the other scheme. */
const fadeMs = 300;
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
async function shoot({ browser, out, only }: { browser: Browser; out: string; only: string[] }) {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const findings: Finding[] = [];
  const complaints: string[] = [];
  for (const scenario of scenarioNames) {
    const wanted = shots.filter(
      (shot) => shot.scenario === scenario && only.some((part) => nameOf(shot).includes(part)),
    );
    for (const shot of wanted) {
      for (const [size, viewport] of Object.entries(sizes)) {
        const server = await startFakeServer({ scenario: scenario as ScenarioName, port: 0 });
        const context = await browser.newContext({ viewport, colorScheme: schemes[0], bypassCSP: true });
        const page = await context.newPage();
        let name = `${nameOf(shot)}-${size}`;
        page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`));
        page.on('console', (message) => {
          if (message.type() === 'error' && !/Failed to load|WebSocket/.test(message.text())) {
            complaints.push(`${name}: ${message.text()}`);
          }
        });
        await open({ page, url: server.url, shot });
        await page.evaluate(axe);
        for (const scheme of schemes) {
          name = `${nameOf(shot)}-${size}-${scheme}`;
          await page.emulateMedia({ colorScheme: scheme });
          await page.waitForTimeout(fadeMs);
          await page.screenshot({ path: join(out, `${name}.png`), fullPage: shot.full ?? true });
          findings.push(...(await check({ page, name })));
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (overflow > 0) complaints.push(`${name}: ${overflow} px too wide`);
          for (const text of await page.evaluate(cutTexts)) complaints.push(`${name}: cut off: ${text}`);
        }
        await context.close();
        await server.close();
      }
    }
  }
  return { findings, complaints };
}

/**
 * Runs in the page: beginnings of texts a part of which is hidden, without the dots that say so. What can be scrolled
 * or typed into is none.
 */
function cutTexts(): string[] {
  const cuts = (element: Element) => {
    const { overflowX, textOverflow } = getComputedStyle(element);
    const isFixed = element.tagName !== 'INPUT' || (element as HTMLInputElement).readOnly;
    const hides = ['hidden', 'clip'].includes(overflowX) && textOverflow !== 'ellipsis';
    return isFixed && hides && element.clientWidth > 1;
  };
  return [...document.body.querySelectorAll('*')]
    .filter((element) => cuts(element) && element.scrollWidth > element.clientWidth + 1)
    .map((element) => (element as HTMLInputElement).value || element.textContent || '')
    .filter((text) => text.trim() !== '')
    .map((text) => text.slice(0, 80));
}

const nameOf = (shot: Shot) => `${shot.page}-${shot.scenario}`;

async function open({ page, url, shot }: { page: Page; url: string; shot: Shot }): Promise<void> {
  await page.goto(url + shot.path.replace(':id', ripId));
  await page.waitForLoadState('load');
  await page.waitForTimeout(600);
  await shot.prepare?.(page);
}

async function check({ page, name }: { page: Page; name: string }): Promise<Finding[]> {
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
    /** Part of the name of a shot; may be given several times. */
    only: { type: 'string', multiple: true, default: [''] },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    /** Of the larger of the two sizes, in CSS pixels. */
    width: { type: 'string', default: '1100' },
  },
});
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: Number(values.width), height: 800 } };
// The made-up server serves what is built: without this the pictures are of whatever was built last.
execFileSync(process.execPath, [resolve(import.meta.dirname, '../../scripts/build-web.mjs')], {
  stdio: 'inherit',
});
await mkdir(values.out, { recursive: true });
const browser = await chromium.launch({ executablePath: values.chromium, args: flags, headless: true });
const report = await shoot({ browser, out: values.out, only: values.only });
await browser.close();
await writeFile(join(values.out, 'report.json'), JSON.stringify(report, null, 2));
console.log(JSON.stringify(report, null, 2));
console.log(`${report.findings.length} accessibility findings, ${report.complaints.length} complaints`);
process.exitCode = report.findings.length + report.complaints.length === 0 ? 0 : 1;
