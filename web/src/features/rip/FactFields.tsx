import { Button, FileButton, Group, Text, TextInput } from '@mantine/core';
import { IconPhotoUp } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { errorSentence } from '../../api/request.ts';
import { uploadArtwork } from '../../api/rip.ts';
import { sentences } from '../../sentences.ts';
import { Artwork } from '../../ui/Artwork.tsx';
import classes from './RipPage.module.css';
import type { RipFields } from './rip-form.ts';

type FactFieldsProps = {
  fields: RipFields;
  wrong: { field: keyof RipFields; message: string } | null;
  onChange: (fields: RipFields) => void;
};

/** Title, artist, album, number and cover, as they go into the file's tags. */
export function FactFields({ fields, wrong, onChange }: FactFieldsProps) {
  const field = (name: Exclude<keyof RipFields, 'cover'>, label: string) => ({
    label,
    value: fields[name],
    error: wrong?.field === name ? wrong.message : undefined,
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...fields, [name]: event.currentTarget.value }),
  });
  return (
    <div className={classes.facts}>
      <CoverField
        cover={fields.cover}
        title={fields.title}
        onCover={(cover) => onChange({ ...fields, cover })}
      />
      <div className={classes.fields}>
        <TextInput {...field('title', sentences.history.title)} required maxLength={1024} />
        <TextInput {...field('artist', sentences.history.artist)} maxLength={1024} />
        <TextInput {...field('album', sentences.history.album)} maxLength={1024} />
        <TextInput {...field('trackNo', sentences.rip.trackNo)} inputMode="numeric" maw={140} maxLength={4} />
      </div>
    </div>
  );
}

type CoverFieldProps = { cover: string | null; title: string; onCover: (cover: string | null) => void };

function CoverField({ cover, title, onCover }: CoverFieldProps) {
  const words = sentences.rip;
  const upload = useMutation({
    mutationFn: (picture: File) => uploadArtwork({ picture }),
    onSuccess: ({ data }) => onCover(data),
  });
  return (
    <div className={classes.coverField}>
      <Artwork src={cover} title={title || words.cover} decorative={false} className={classes.cover} />
      <Group gap={6} mt="xs" justify="center">
        <FileButton
          accept="image/png,image/jpeg,image/webp"
          onChange={(picture) => picture && upload.mutate(picture)}
        >
          {(button) => (
            <Button
              {...button}
              size="compact-sm"
              variant="default"
              loading={upload.isPending}
              leftSection={<IconPhotoUp size={16} aria-hidden />}
            >
              {words.chooseCover}
            </Button>
          )}
        </FileButton>
        {cover && (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => onCover(null)}>
            {words.removeCover}
          </Button>
        )}
      </Group>
      {upload.error && (
        <Text size="sm" role="alert" c="var(--bad-text)" mt={4}>
          {errorSentence(upload.error)}
        </Text>
      )}
    </div>
  );
}
