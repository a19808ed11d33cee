// The canary page: state first, then what needs a person, then the matrix, a path, and the log.

import { KeysFooter } from '../keys-footer.js';
import { board, scene } from '../live/store.js';
import { About } from './about.js';
import { Announcer } from './announcer.js';
import { EventLogPanel } from './event-log-panel.js';
import { Hero } from './hero.js';
import { Notices } from './notices.js';
import { PathPanel } from './path-panel.js';
import { Scoreboard } from './scoreboard.js';
import { StateBand } from './state-band.js';

export function CanariesPage({ path }: { path: string | undefined }) {
  const { value } = board;
  return (
    <>
      <Hero />
      {value !== undefined && <About board={value} />}
      <Notices />
      <Announcer scene={scene.value} />
      <StateBand scene={scene.value} />
      <div class="split">
        <div class="left">
          <Scoreboard board={value} selected={path} />
          <EventLogPanel board={value} />
        </div>
        {path !== undefined && (
          <div class="right">
            <PathPanel key={path} pathId={path} board={value} />
          </div>
        )}
      </div>
      <KeysFooter />
    </>
  );
}
