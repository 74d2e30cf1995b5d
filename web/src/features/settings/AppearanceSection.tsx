import { SegmentedControl, Text, useMantineColorScheme } from '@mantine/core';
import { sentences } from '../../sentences.ts';
import { Section } from './Section.tsx';

const words = sentences.settings;
const choices = [
  { value: 'auto', label: words.system },
  { value: 'light', label: words.light },
  { value: 'dark', label: words.dark },
] as const;

/** Kept in this browser only. */
export function AppearanceSection() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section id="appearance" title={words.appearanceTitle}>
      <div>
        <Text size="sm" fw={500} mb={6} id="colours">
          {words.colours}
        </Text>
        <SegmentedControl
          aria-labelledby="colours"
          data={[...choices]}
          value={colorScheme}
          onChange={(choice) => setColorScheme(choice)}
        />
      </div>
    </Section>
  );
}
