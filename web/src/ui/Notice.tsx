import { Stack, Text, Title } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './Notice.module.css';

type NoticeProps = {
  icon: TablerIcon;
  title: string;
  text?: string;
  action?: ReactNode;
  /** It is all there is on the page, so its title is the page's heading. */
  isPage?: boolean;
  /** Read out at once by screen readers. */
  isAlert?: boolean;
};

/** Fills the place of content that is not there: why, and what to do. */
export function Notice({ icon: Icon, title, text, action, isPage = false, isAlert = false }: NoticeProps) {
  return (
    <Stack className={classes.notice} align="center" gap="xs" role={isAlert ? 'alert' : undefined}>
      <span className={classes.icon}>
        <Icon size={30} stroke={1.5} aria-hidden />
      </span>
      <Title order={isPage ? 1 : 2} size="h3" ta="center">
        {title}
      </Title>
      {text && (
        <Text c="dimmed" ta="center" maw={420}>
          {text}
        </Text>
      )}
      {action && <div className={classes.action}>{action}</div>}
    </Stack>
  );
}
