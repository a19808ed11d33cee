// Which dialog is open; one at most.
import { signal } from '@preact/signals';
import type { WindowView } from '../live/windows.js';

export type OpenDialog =
  | { readonly kind: 'fire'; readonly pathId?: string }
  | { readonly kind: 'pause'; readonly pathId?: string }
  | { readonly kind: 'resume'; readonly pathId?: string }
  | { readonly kind: 'maintenance'; readonly pathId?: string }
  | { readonly kind: 'end'; readonly window: WindowView }
  | {
      readonly kind: 'acknowledge';
      readonly test: { readonly testId: string; readonly pathId: string };
    }
  | {
      readonly kind: 'acknowledgePaths';
      readonly pathIds: readonly string[];
      readonly what: string;
    }
  | { readonly kind: 'acknowledgeFinding'; readonly findingId: string }
  | { readonly kind: 'signOut' }
  | { readonly kind: 'actions' }
  | { readonly kind: 'keys' };

export const dialog = signal<OpenDialog | undefined>(undefined);

export function openDialog(next: OpenDialog): void {
  dialog.value = next;
}

export function closeDialog(): void {
  dialog.value = undefined;
}
