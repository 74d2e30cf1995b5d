import { Button, Group, Text } from '@mantine/core';
import type { Settings } from '@pidentify/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { unknownQuery } from '../../api/queries.ts';
import { deleteUnknown } from '../../api/unknown.ts';
import { sentences } from '../../sentences.ts';
import { ConfirmDelete } from '../../ui/ConfirmDelete.tsx';
import { bytesText } from '../../ui/format.ts';
import { NumberSetting } from './NumberSetting.tsx';
import { Section } from './Section.tsx';

const words = sentences.unknown;
const questions = {
  sound: { title: words.deleteAllSoundTitle, text: words.deleteAllSoundText },
  group: { title: words.deleteAllTitle, text: words.deleteAllText },
};

/** How much sound of unknown tracks is kept, and deleting it. */
export function UnknownSection({ settings }: { settings: Settings }) {
  const { data } = useQuery(unknownQuery);
  const [asking, setAsking] = useState<'sound' | 'group' | null>(null);
  const bytes = data?.data.sound_bytes ?? 0;
  const count = data?.data.groups.length ?? 0;
  return (
    <Section id="unknown" title={words.title}>
      <NumberSetting
        name="unknown_sound_mb"
        label={words.keep}
        hint={words.keepHint}
        unit={words.megabytes}
        value={settings.unknown_sound_mb}
      />
      {count > 0 && (
        <>
          <Text size="sm" c="dimmed">
            {[words.count(count), ...(bytes > 0 ? [words.used(bytesText(bytes))] : [])].join('. ')}
          </Text>
          <Group gap="xs">
            {bytes > 0 && (
              <Button size="sm" variant="default" onClick={() => setAsking('sound')}>
                {words.deleteAllSound}
              </Button>
            )}
            <Button size="sm" variant="default" onClick={() => setAsking('group')}>
              {words.deleteAll}
            </Button>
          </Group>
        </>
      )}
      {asking && (
        <ConfirmDelete
          title={questions[asking].title}
          label={words.remove}
          done={words.removed}
          onDelete={() => deleteUnknown({ id: null, what: asking })}
          stale="unknown"
          onClose={() => setAsking(null)}
        >
          <Text>{questions[asking].text}</Text>
        </ConfirmDelete>
      )}
    </Section>
  );
}
