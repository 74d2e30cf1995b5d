import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { sleep } from './program.ts';

type ShootOptions = { folder: string; height: number; fullPage?: boolean };

/** Takes pictures of the page at desktop and phone width, dark and light; it is left at desktop width, `height` px high. */
export async function shoot(
  page: Page,
  name: string,
  { folder, height, fullPage = false }: ShootOptions,
): Promise<void> {
  const desktop = { width: 1100, height };
  for (const size of [desktop, { width: 390, height: 844 }]) {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      await sleep(250);
      await page.screenshot({ path: join(folder, `${name}-${size.width}-${colorScheme}.png`), fullPage });
    }
  }
  await page.setViewportSize(desktop);
}
