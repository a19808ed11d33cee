// What is in transit: by direction, and transfer by transfer with its age against its limit.
import type { AuditorView } from '../../../src/admin/views/auditor-view.js';
import { eventsUrl } from '../canaries/links.js';
import { amount, stopwatch, whole } from '../format.js';
import { serverNowMs } from '../live/store.js';
import { numberStyle, t } from '../strings/strings.js';

type TransitView = AuditorView['transit'];

export function Transit({ view }: { view: AuditorView | undefined }) {
  return (
    <section class="panel" aria-labelledby="t">
      <div class="head">
        <h2 id="t">{t('aud.transit')}</h2>
        <span class="q sub">{t('aud.transitSub')}</span>
      </div>
      {view?.transit.open === 0 && <p class="hint">{t('aud.nothingOpen')}</p>}
      {view !== undefined && view.transit.open > 0 && (
        <div class="scrollx">
          <Directions transit={view.transit} />
          <Transfers view={view} />
        </div>
      )}
    </section>
  );
}

function Directions({ transit }: { transit: TransitView }) {
  const style = numberStyle();
  return (
    <table class="tab">
      <thead>
        <tr>
          <th scope="col">{t('aud.direction')}</th>
          <th scope="col" class="num">
            {t('aud.open')}
          </th>
          <th scope="col" class="num">
            AVT
          </th>
        </tr>
      </thead>
      <tbody>
        {transit.directions.map(({ amount: sum, from, open, to }) => (
          <tr key={`${from} ${to}`}>
            <td>
              {from} → {to}
            </td>
            <td class="num">{whole(open, style)}</td>
            <td class="num">{amount(sum, style)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td>{t('aud.all')}</td>
          <td class="num">{whole(transit.open, style)}</td>
          <td class="num">{amount(transit.amount, style)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

function Transfers({ view }: { view: AuditorView }) {
  const style = numberStyle();
  const { open, transfers } = view.transit;
  const limits = view.openLimitsMs;
  return (
    <>
      <table class="tab">
        <thead>
          <tr>
            <th scope="col">{t('aud.transfer')}</th>
            <th scope="col">{t('aud.fromTo')}</th>
            <th scope="col" class="hide-s">
              {t('aud.backend')}
            </th>
            <th scope="col" class="hide-s">
              {t('aud.whose')}
            </th>
            <th scope="col" class="num">
              AVT
            </th>
            <th scope="col" class="num">
              {t('aud.age')}
            </th>
          </tr>
        </thead>
        <tbody>
          {transfers.map((one) => (
            <tr key={one.transferId}>
              <td class="id">
                <TransferLink view={view} frame={one.senderFrame} id={one.transferId} />
              </td>
              <td>
                {one.sender.split(':')[0]} → {one.receiver.split(':')[0]}
              </td>
              <td class="hide-s">{one.backend}</td>
              <td class="hide-s">{t(one.canary ? 'aud.canary' : 'aud.user')}</td>
              <td class="num">{amount(one.amount, style)}</td>
              <td class="num">
                <Age
                  ageMs={serverNowMs.value - Date.parse(one.sentAt)}
                  limitMs={one.backend === '2pc' ? limits['2pc'] : limits.async}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {transfers.length < open && (
        <p class="hint">{t('aud.shownOf', { shown: transfers.length, count: open })}</p>
      )}
    </>
  );
}

function Age({ ageMs, limitMs }: { ageMs: number; limitMs: number }) {
  const share = Math.min(1, Math.max(0, ageMs / limitMs));
  return (
    <span class={`age ${ageMs > limitMs ? 'warn' : ''}`}>
      <svg aria-hidden="true">
        <rect width="100%" height="6" rx="2" class="tr" />
        <rect width={`${(share * 100).toFixed(1)}%`} height="6" rx="2" class="fi" />
      </svg>
      <span>
        {stopwatch(ageMs)} / {stopwatch(limitMs)}
      </span>
    </span>
  );
}

/** To the events of a transfer, as the EventStore of a frame has them. */
export function TransferLink({
  view,
  frame,
  id,
}: {
  view: AuditorView;
  frame: string;
  id: string;
}) {
  const store = view.eventStores[frame];
  return store === undefined ? <span>{id}</span> : <a href={eventsUrl(store, id)}>{id}</a>;
}
