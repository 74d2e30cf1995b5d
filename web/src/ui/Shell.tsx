import {
  ActionIcon,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
  VisuallyHidden,
} from '@mantine/core';
import {
  IconHistory,
  IconMoon,
  IconMusicQuestion,
  IconPlayerPlay,
  IconSettings,
  IconSun,
  type TablerIcon,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { unknownQuery } from '../api/queries.ts';
import { sentences } from '../sentences.ts';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { Logo } from './Logo.tsx';
import classes from './Shell.module.css';
import { TroubleBanner } from './TroubleBanner.tsx';

type Destination = { to: string; label: string; icon: TablerIcon; counted?: boolean };
const destinations: readonly Destination[] = [
  { to: '/', label: sentences.app.nowPlaying, icon: IconPlayerPlay },
  { to: '/history', label: sentences.app.history, icon: IconHistory },
  { to: '/unknown', label: sentences.app.unknown, icon: IconMusicQuestion, counted: true },
  { to: '/settings', label: sentences.app.settings, icon: IconSettings },
];

/** Frame of every page: bar at the top on a desktop, tabs at the bottom on a phone. */
export function Shell() {
  const main = useFocusOnNavigation();
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        {sentences.app.skipToContent}
      </a>
      <header className={classes.header}>
        <Link to="/" className={classes.brand} aria-label={sentences.app.name}>
          <Logo />
          <Text component="span" fw={680} fz="lg">
            {sentences.app.name}
          </Text>
        </Link>
        <nav className={classes.nav} aria-label={sentences.app.mainNavigation}>
          {destinations.map(({ to, label, icon: Icon, counted }) => (
            <Link
              key={to}
              to={to}
              className={classes.link}
              activeProps={{ 'data-active': true, 'aria-current': 'page' }}
              activeOptions={{ exact: to === '/' }}
            >
              <Icon size={20} stroke={1.8} aria-hidden />
              <span>{label}</span>
              {counted && <UnknownCount />}
            </Link>
          ))}
        </nav>
        <SchemeButton />
      </header>
      <main className={classes.main} id="main" ref={main} tabIndex={-1}>
        <ConnectionBanner />
        <TroubleBanner />
        <Outlet />
      </main>
    </div>
  );
}

/** How many unknown tracks wait to be named; nothing while there are none, or nobody can tell. */
function UnknownCount() {
  const { data } = useQuery(unknownQuery);
  const count = data?.data.groups.length ?? 0;
  if (count === 0) return null;
  return (
    <span className={classes.count}>
      <span aria-hidden>{count > 99 ? '99+' : count}</span>
      <VisuallyHidden>{sentences.unknown.count(count)}</VisuallyHidden>
    </span>
  );
}

function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const label = scheme === 'dark' ? sentences.app.useLight : sentences.app.useDark;
  const Icon = scheme === 'dark' ? IconSun : IconMoon;
  return (
    <Tooltip label={label}>
      <ActionIcon
        className={classes.scheme}
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
      >
        <Icon size={20} stroke={1.8} />
      </ActionIcon>
    </Tooltip>
  );
}

/** A screen reader would stay at the link that was followed: move to the new page's content. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const previous = useRef(pathname);
  useEffect(() => {
    if (previous.current === pathname) return;
    previous.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}
