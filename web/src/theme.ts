import {
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Modal,
  Tooltip,
} from '@mantine/core';
import { sentences } from './sentences.ts';

/** The amber of a valve amplifier; black on it is readable in both schemes. */
const amber: MantineColorsTuple = [
  '#fff6e6',
  '#fdeacb',
  '#fad498',
  '#f7bd62',
  '#f4aa40',
  '#f2a33a',
  '#d98a1f',
  '#a86406',
  '#8a5200',
  '#6b3f00',
];

/** Warm greys for the dark scheme: text first, background towards the end. */
const dark: MantineColorsTuple = [
  '#ece7e1',
  '#c9c2b9',
  '#a9a198',
  '#7d756c',
  '#48423b',
  '#38332d',
  '#26221e',
  '#171411',
  '#110f0d',
  '#0b0a09',
];

/** Warm greys for the light scheme: background first, text towards the end. */
const gray: MantineColorsTuple = [
  '#faf9f7',
  '#f3f0ec',
  '#e9e5df',
  '#dcd7cf',
  '#cbc5bb',
  '#aaa398',
  '#7f776d',
  '#5f5850',
  '#3e3934',
  '#221e1a',
];

export const theme = createTheme({
  primaryColor: 'amber',
  primaryShade: { light: 5, dark: 5 },
  colors: { amber, dark, gray },
  autoContrast: true,
  luminanceThreshold: 0.35,
  defaultRadius: 'md',
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '680' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.6 },
        closeButtonProps: { 'aria-label': sentences.app.close },
        // A dialog's own <header> would count as a second banner of the page.
        attributes: { header: { role: 'presentation' } },
      },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { withArrow: true, openDelay: 300 } }),
  },
});

/** Mantine's own secondary text misses the contrast of WCAG AA on our backgrounds. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#faf9f7',
    '--mantine-color-text': '#221e1a',
    '--mantine-color-dimmed': '#625b53',
    '--mantine-color-placeholder': '#716a62',
    '--mantine-color-error': '#b42318',
    '--mantine-color-anchor': '#8a5200',
    '--mantine-color-amber-text': '#8a5200',
    '--mantine-color-amber-light': '#f6e7cd',
    '--mantine-color-amber-light-hover': '#f0dcb8',
    '--mantine-color-amber-light-color': '#6b3f00',
    '--mantine-color-amber-outline': '#8a5200',
  },
  dark: {
    '--mantine-color-text': '#ece7e1',
    '--mantine-color-dimmed': '#a9a198',
    '--mantine-color-placeholder': '#968e85',
    '--mantine-color-error': '#ff8f82',
    '--mantine-color-anchor': '#f7bd62',
    '--mantine-color-amber-text': '#f7bd62',
    '--mantine-color-amber-light': '#3a2c17',
    '--mantine-color-amber-light-hover': '#46361d',
    '--mantine-color-amber-light-color': '#f7bd62',
  },
});
