import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './SettingsPage.module.css';

type SectionProps = {
  /** Place in the address, e.g. /settings#input. */
  id: string;
  title: string;
  action?: ReactNode;
  children: ReactNode;
};

export function Section({ id, title, action, children }: SectionProps) {
  return (
    <section id={id} className={classes.section} aria-labelledby={`${id}-title`}>
      <div className={classes.sectionHead}>
        <Title order={2} size="h4" id={`${id}-title`}>
          {title}
        </Title>
        {action}
      </div>
      {children}
    </section>
  );
}
