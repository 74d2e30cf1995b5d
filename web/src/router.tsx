import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { NowPlayingPage } from './features/now-playing/NowPlayingPage.tsx';
import { BrokenPage, NotFoundPage } from './ui/Fallbacks.tsx';
import { Shell } from './ui/Shell.tsx';

const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: NotFoundPage,
  errorComponent: BrokenPage,
});

const nowPlayingRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: NowPlayingPage,
});

// Only Now Playing is in the first download; the others come when a link to them is touched.
const historyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/history',
  component: lazyRouteComponent(() => import('./features/history/HistoryPage.tsx'), 'HistoryPage'),
});

const unknownRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/unknown',
  component: lazyRouteComponent(() => import('./features/unknown/UnknownPage.tsx'), 'UnknownPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./features/settings/SettingsPage.tsx'), 'SettingsPage'),
});

const ripRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rip/$id',
  component: lazyRouteComponent(() => import('./features/rip/RipPage.tsx'), 'RipPage'),
});

const routeTree = rootRoute.addChildren([
  nowPlayingRoute,
  historyRoute,
  unknownRoute,
  settingsRoute,
  ripRoute,
]);

export function createAppRouter() {
  return createRouter({ routeTree, defaultPreload: 'intent', scrollRestoration: true });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
