// Marks and icons: drawings by name, the word beside them or in the text alternative.
import { classOf, type Look, shapeOf } from '../outcome.js';
import { t } from '../strings/strings.js';

export function Icon({ name, className = '' }: { name: string; className?: string }) {
  return (
    <svg class={`i16 ${className}`} viewBox="0 0 16 16" aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  );
}

export function LookIcon({ look, className = '' }: { look: Look; className?: string }) {
  return <Icon name={iconOf(look)} className={`${classOf(look)} ${className}`} />;
}

/** A few looks have only a mark; their icon is named otherwise. */
function iconOf(look: Look): string {
  const shape = shapeOf(look);
  if (shape === 'paused') return 'pause';
  if (shape === 'maintenance') return 'maint';
  return shape === 'notfired' ? 'open' : shape;
}

export function word(look: Look): string {
  return t(`look.${look}`);
}

export function Outcome({ look, text }: { look: Look; text?: string }) {
  return (
    <span class={`out ${classOf(look)}`}>
      <LookIcon look={look} />
      {text ?? word(look)}
    </span>
  );
}

/** One mark alone, for keys to what marks mean. */
export function Mark({ look }: { look: Look }) {
  return (
    <svg width="10" height="14" viewBox="0 0 10 14" aria-hidden="true">
      <use href={`#m-${shapeOf(look)}`} class={`m-${classOf(look)}`} />
    </svg>
  );
}

const PITCH = 9.8;
const MARK_WIDTH = 10;

/** Below a mark: that its test counts nowhere, and why. */
export type Rail = 'warmUp' | 'maintenance';

export interface RailedLook {
  readonly look: Look;
  readonly rail?: Rail | undefined;
}

const RAILS: Readonly<Record<Rail, string>> = {
  warmUp: 'M1 15.500h1.400m1.200 0h1.400m1.200 0h1.400m1.200 0h1.400',
  maintenance: 'm1 16.500 2-2m1 2 2-2m1 2 2-2',
};

/** The last verdicts of a path, the newest right; the text alternative counts them. */
export function Marks({
  looks,
  places,
  label,
}: {
  looks: readonly RailedLook[];
  places: number;
  label: string;
}) {
  const width = PITCH * (places - 1) + MARK_WIDTH;
  const first = places - looks.length;
  return (
    <svg
      class="mk"
      viewBox={`0 0 ${width.toFixed(1)} 17`}
      preserveAspectRatio="xMinYMid"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      {looks.map(({ look, rail }, index) => {
        const x = ((first + index) * PITCH).toFixed(1);
        return (
          <g key={`${first + index}`} transform={`translate(${x},0)`}>
            <use href={`#m-${shapeOf(look)}`} class={`m-${classOf(look)}`} />
            {rail !== undefined && <path d={RAILS[rail]} class="rail" />}
          </g>
        );
      })}
    </svg>
  );
}

/** `10 passed, 2 refunded`, the words in the order in which they first occur. */
export function summaryOf(looks: readonly Look[]): string {
  const counts = new Map<Look, number>();
  for (const look of looks) counts.set(look, (counts.get(look) ?? 0) + 1);
  return [...counts].map(([look, count]) => `${count} ${word(look).toLowerCase()}`).join(', ');
}
