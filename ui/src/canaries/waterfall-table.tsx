// The waterfall: for each stamp when the platform committed it and when we saw it, on one scale.
import type { TestView } from '../../../src/admin/views/test-view.js';
import { fixed, whole } from '../format.js';
import { numberStyle, t } from '../strings/strings.js';
import { alternatives, type Row, rowsOf, type Scale, scaleOf } from '../waterfall.js';

const ROW_HEIGHT = 22;
const MIDDLE = 11;

export function WaterfallTable({ view, requirement }: { view: TestView; requirement: string }) {
  const rows = rowsOf(view);
  const times = rows.flatMap(({ platformMs, seenMs }) => [platformMs ?? 0, seenMs ?? 0]);
  const scale = scaleOf([...times, view.acceptedAfterMs ?? 0]);
  return (
    <>
      <table class="wf">
        <Head scale={scale} />
        <tbody>
          {view.firedAt !== undefined && <Moment name={t('wf.fired')} atMs={0} scale={scale} />}
          {view.acceptedAfterMs !== undefined && (
            <Moment name={t('wf.accepted')} atMs={view.acceptedAfterMs} scale={scale} />
          )}
          {rows.map((row) => (
            <StampRow
              key={row.key}
              row={row}
              scale={scale}
              choices={alternatives(requirement, row.name)}
            />
          ))}
        </tbody>
      </table>
      <p class="key" aria-hidden="true">
        <span>
          <i class="k-p" />
          {t('wf.keyPlatform')}
        </span>
        <span>
          <i class="k-c" />
          {t('wf.keyCommit')}
        </span>
        <span>
          <i class="k-o" />
          {t('wf.keyOwn')}
        </span>
        <span>
          <i class="k-m" />
          {t('wf.keyMissing')}
        </span>
      </p>
    </>
  );
}

function Head({ scale }: { scale: Scale }) {
  return (
    <thead>
      <tr>
        <th scope="col">{t('wf.stamp')}</th>
        <th scope="col">
          <span class="vh">{t('wf.frame')}</span>
        </th>
        <th scope="col" class="tl">
          <span class="vh">{t('wf.timeline')}</span>
          <svg height="14" aria-hidden="true">
            {scale.ticks.map(({ ms, x }, index) => (
              <text
                key={ms}
                x={`${x}%`}
                y="11"
                text-anchor={anchorOf(index, scale.ticks.length)}
                class={index % 2 === 1 ? 'tk' : ''}
              >
                {tick(ms, index === scale.ticks.length - 1)}
              </text>
            ))}
          </svg>
        </th>
        <th scope="col" class="num">
          {t('wf.commit')}
        </th>
        <th scope="col" class="num">
          {t('wf.seen')}
        </th>
        <th scope="col" class="num">
          {t('wf.own')}
        </th>
      </tr>
    </thead>
  );
}

/** The first and the last stay within their column. */
function anchorOf(index: number, count: number): 'start' | 'middle' | 'end' {
  if (index === 0) return 'start';
  return index === count - 1 ? 'end' : 'middle';
}

function tick(ms: number, isLast: boolean): string {
  const places = ms >= 10_000 ? 0 : ms % 1_000 === 0 ? 0 : ms % 100 === 0 ? 1 : 2;
  return `${fixed(ms / 1_000, places, numberStyle())}${isLast ? ' s' : ''}`;
}

function Moment({ name, atMs, scale }: { name: string; atMs: number; scale: Scale }) {
  return (
    <tr>
      <th scope="row">
        <span class="nm">{name}</span>
      </th>
      <td class="fr" />
      <td class="tl">
        <svg height={ROW_HEIGHT} aria-hidden="true">
          <Track from={0} to={atMs} scale={scale} />
          <circle cx={`${scale.x(atMs)}%`} cy={MIDDLE} r="3" class="dt" />
          <Break scale={scale} />
        </svg>
      </td>
      <td class="num">{fixed(atMs / 1_000, 3, numberStyle())}</td>
      <td class="num" />
      <td class="num q" />
    </tr>
  );
}

const TINTS = { came: '', missing: 'miss', gap: 'gap', waiting: 'wait' } as const;

function StampRow({ row, scale, choices }: { row: Row; scale: Scale; choices: number }) {
  const tint = row.role === 'ends' ? 'fail' : TINTS[row.state];
  return (
    <tr class={tint}>
      <th scope="row">
        <span class="nm">{row.name}</span>
        <span class="rq">{roleText(row, choices)}</span>
      </th>
      <td class="fr">{row.frame}</td>
      <td class="tl">
        <svg height={ROW_HEIGHT} aria-hidden="true">
          {row.state === 'came' ? (
            <Bar row={row} scale={scale} />
          ) : (
            <rect x="45%" y="6" width="24%" height="10" rx="2" class="ms" />
          )}
          <Break scale={scale} />
        </svg>
      </td>
      {row.state === 'came' ? (
        <Times row={row} />
      ) : (
        <td class="num" colSpan={3}>
          {t(row.state === 'missing' ? 'wf.never' : `wf.${row.state}`)}
        </td>
      )}
    </tr>
  );
}

function roleText({ role }: Row, choices: number): string {
  if (role === 'required' && choices > 1) return t('wf.oneOf', { count: choices });
  return t(`wf.${role}`);
}

function Times({ row: { platformMs, seenMs } }: { row: Row }) {
  const style = numberStyle();
  const second = (ms: number | undefined) => (ms === undefined ? '–' : fixed(ms / 1_000, 3, style));
  const share = platformMs === undefined || seenMs === undefined ? undefined : seenMs - platformMs;
  return (
    <>
      <td class="num">{second(platformMs)}</td>
      <td class="num">{second(seenMs)}</td>
      {/* Clocks are not corrected here: a share below zero is their offset, and no share. */}
      <td class="num q">{share === undefined || share < 0 ? '–' : whole(share, style)}</td>
    </>
  );
}

function Bar({ row, scale }: { row: Row; scale: Scale }) {
  const { platformMs, role, seenMs } = row;
  const ends = role === 'ends' ? 'fl' : '';
  const from = platformMs === undefined ? undefined : scale.x(platformMs);
  const to = seenMs === undefined ? undefined : scale.x(seenMs);
  return (
    <>
      {platformMs !== undefined && <Track from={0} to={platformMs} scale={scale} />}
      {from !== undefined && to !== undefined && to > from && (
        <rect x={`${from}%`} y="7" width={`${to - from}%`} height="8" class="ob" />
      )}
      {from !== undefined && (
        <line x1={`${from}%`} x2={`${from}%`} y1="4" y2="18" class={`cm ${ends}`} />
      )}
      {to !== undefined && <line x1={`${to}%`} x2={`${to}%`} y1="7" y2="15" class={`se ${ends}`} />}
    </>
  );
}

function Track({ from, to, scale }: { from: number; to: number; scale: Scale }) {
  return (
    <line x1={`${scale.x(from)}%`} x2={`${scale.x(to)}%`} y1={MIDDLE} y2={MIDDLE} class="pf" />
  );
}

function Break({ scale: { breakAt } }: { scale: Scale }) {
  if (breakAt === undefined) return null;
  const { from, to } = breakAt;
  return (
    <>
      <rect x={`${from}%`} y="0" width={`${to - from}%`} height={ROW_HEIGHT} class="bk0" />
      <line x1={`${from}%`} x2={`${from}%`} y1="0" y2={ROW_HEIGHT} class="bk1" />
      <line x1={`${to}%`} x2={`${to}%`} y1="0" y2={ROW_HEIGHT} class="bk1" />
    </>
  );
}
