// What a tab in the background says: title and icon, by what the open page is about and no other.
import type { AuditorView } from '../../src/admin/views/auditor-view.js';
import type { Connection } from './connection.js';
import type { Route } from './route.js';
import type { State } from './state.js';

/** The drawings of a tab; each has a shape of its own. */
export type TabIcon = 'well' | 'unclean' | 'failing' | 'unknown';

export interface Tab {
  readonly icon: TabIcon;
  /** What goes before the page's name. */
  readonly says:
    | { readonly kind: 'nothing' }
    | { readonly kind: 'lost' }
    | { readonly kind: 'defect' }
    | { readonly kind: 'failing' | 'unclean'; readonly count: number }
    | { readonly kind: 'silent' }
    | { readonly kind: 'violated' };
}

export interface TabFacts {
  /** Whether the page itself is broken, and shows nothing. */
  readonly isBroken: boolean;
  readonly page: Route['page'];
  readonly connection: Connection['kind'];
  readonly state: State | undefined;
  readonly audited: NonNullable<AuditorView['state']>['outcome'] | undefined;
}

/** What is old is not known, whatever it said. */
export function tabOf({ audited, connection, isBroken, page, state }: TabFacts): Tab {
  if (isBroken) return { icon: 'unknown', says: { kind: 'defect' } };
  if (connection === 'lost' || connection === 'stale') {
    return { icon: 'unknown', says: { kind: 'lost' } };
  }
  if (page === 'auditor') return auditorTab(audited);
  return page === 'canaries' && state !== undefined ? canariesTab(state) : QUIET;
}

const QUIET: Tab = { icon: 'well', says: { kind: 'nothing' } };

function auditorTab(outcome: TabFacts['audited']): Tab {
  if (outcome === 'violated') return { icon: 'failing', says: { kind: 'violated' } };
  return outcome === 'unknown' ? { icon: 'unknown', says: { kind: 'nothing' } } : QUIET;
}

function canariesTab(state: State): Tab {
  if (state.kind === 'failing') {
    return { icon: 'failing', says: { kind: 'failing', count: state.failing } };
  }
  if (state.kind === 'unclean') {
    return { icon: 'unclean', says: { kind: 'unclean', count: state.unclean } };
  }
  return state.kind === 'silent' ? { icon: 'unclean', says: { kind: 'silent' } } : QUIET;
}
