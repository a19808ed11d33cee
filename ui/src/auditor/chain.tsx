// The chain of certificates, the newest at the head, each with the hash that it builds on.
import type { AuditorView } from '../../../src/admin/views/auditor-view.js';
import { amount, dayTime, whole } from '../format.js';
import { serverNowMs } from '../live/store.js';
import { Icon } from '../parts/marks.js';
import { numberStyle, t } from '../strings/strings.js';
import { AUDIT_ICONS } from './audit-state.js';
import { AUDIT_TINTS } from './sentence.js';

const ROWS = 12;
const HASH_DIGITS = 6;

export function Chain({ view }: { view: AuditorView | undefined }) {
  const frames = view?.chain[0]?.positions.map(({ frame }) => frame) ?? [];
  return (
    <section class="panel" aria-labelledby="c">
      <div class="head">
        <h2 id="c">{t('aud.chain')}</h2>
        <span class="q sub">{t('aud.chainSub')}</span>
        <div class="end">
          {view !== undefined && view.chain.length > 0 && <Holds view={view} />}
        </div>
      </div>
      {view?.chain.length === 0 && (
        <p class="hint">
          {t('aud.empty')}. {t('aud.emptyText', { interval: `${view.intervalMs / 1_000} s` })}
        </p>
      )}
      {view !== undefined && view.chain.length > 0 && (
        <div class="scrollx">
          <table class="tab chain">
            <Head frames={frames} />
            <tbody>
              {view.chain.slice(0, ROWS).map((link) => (
                <Link key={link.number} link={link} frames={frames} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Holds({ view }: { view: AuditorView }) {
  const { broken, chain } = view;
  const style = numberStyle();
  if (broken !== undefined) {
    const { number, problem } = broken;
    return (
      <span class="out fail">
        <Icon name="unreachable" className="fail" />
        {t('aud.chainBroken', { number: whole(number, style), problem })}
      </span>
    );
  }
  const [from, to] = [chain.at(-1)?.number ?? 0, chain[0]?.number ?? 0];
  return (
    <span class="out pass">
      <Icon name="passed" className="pass" />
      {t('aud.chainHolds', { from: whole(from, style), to: whole(to, style) })}
    </span>
  );
}

function Head({ frames }: { frames: readonly string[] }) {
  return (
    <thead>
      <tr>
        <th scope="col">{t('aud.colOutcome')}</th>
        <th scope="col">{t('aud.colNumber')}</th>
        <th scope="col">{t('aud.colAudited')}</th>
        {frames.map((frame) => (
          <th key={frame} scope="col" class="num hide-s">
            {t('aud.colPosition', { frame })}
          </th>
        ))}
        <th scope="col" class="num">
          {t('aud.delta')}
        </th>
        <th scope="col" class="hide-s">
          {t('aud.colHash')}
        </th>
      </tr>
    </thead>
  );
}

function Link({ link, frames }: { link: AuditorView['chain'][number]; frames: readonly string[] }) {
  const { decidedAt, delta, hash, headline, number, outcome, positions, previousHash } = link;
  const style = numberStyle();
  const tint = AUDIT_TINTS[outcome];
  return (
    <tr class={outcome === 'violated' ? 'is-fail' : ''}>
      <td>
        <Icon name={AUDIT_ICONS[outcome]} className={tint} />
        <span class={`out ${tint}`} title={headline}>
          {t(`aud.outcome.${outcome}`)}
        </span>
      </td>
      <td>
        <a href={`/api/v1/audits/${number}`}>{whole(number, style)}</a>
      </td>
      <td>{dayTime(decidedAt, serverNowMs.value)}</td>
      {frames.map((frame) => {
        const position = positions.find((one) => one.frame === frame)?.position;
        return (
          <td key={frame} class="num hide-s">
            {position === undefined ? '–' : whole(position, style)}
          </td>
        );
      })}
      <td class="num">{delta === undefined ? '–' : amount(delta, style)}</td>
      <td class="h hide-s" title={hash}>
        {hash.slice(0, HASH_DIGITS)} <b>← {previousHash.slice(0, HASH_DIGITS)}</b>
      </td>
    </tr>
  );
}
