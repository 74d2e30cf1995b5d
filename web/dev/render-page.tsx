import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { configure, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { createQueryClient } from '../src/api/queries.ts';
import { startLive } from '../src/live/live.ts';
import type { Socket } from '../src/live/reconnect.ts';
import { LiveProvider } from '../src/live/use-live.tsx';
import { cssVariables, theme } from '../src/theme.ts';

// Patient, since a busy machine may take its time; a wait ends as soon as what it waits for is there.
configure({ asyncUtilTimeout: 10_000 });

/**
 * Renders one component as the whole app would: theme, cache, router, and a live connection on which
 * the test speaks for the server.
 */
export async function renderPage(page: ReactNode) {
  const queries = createQueryClient();
  queries.setDefaultOptions({ queries: { ...queries.getDefaultOptions().queries, retry: false } });
  const socket: Socket = { onopen: null, onmessage: null, onclose: null, close: () => undefined };
  const live = startLive({ queries, openSocket: () => socket });
  const rootRoute = createRootRoute({ component: () => page });
  const anywhere = createRoute({ getParentRoute: () => rootRoute, path: '$' });
  const router = createRouter({
    routeTree: rootRoute.addChildren([anywhere]),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  });
  await router.load();
  const view = render(
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} env="test">
      <QueryClientProvider client={queries}>
        <LiveProvider live={live}>
          <RouterProvider router={router as never} />
        </LiveProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  const asSocket = socket as WebSocket;
  return {
    ...view,
    live,
    say: (message: object) =>
      socket.onmessage?.call(asSocket, { data: JSON.stringify(message) } as MessageEvent),
    breakConnection: () => socket.onclose?.call(asSocket, {} as CloseEvent),
  };
}
