// The links of dashboards: to each other by tag, and from a value to the dashboard that tells more.
import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import type { MonitoringConfig } from '../config.js';
import type { Drill, PanelPlan } from './model.js';

/** All dashboards of the platform have it, and each one links to all that do. */
export const TAG = 'platform';

export function dashboardLinks({ links }: MonitoringConfig): DashboardLinkBuilder[] {
  const external = (title: string, url: string, icon: string) =>
    new DashboardLinkBuilder(title)
      .type(DashboardLinkType.Link)
      .url(url)
      .icon(icon)
      .tooltip(title)
      .targetBlank(true);
  return [
    new DashboardLinkBuilder('Dashboards')
      .type(DashboardLinkType.Dashboards)
      .tags([TAG])
      .asDropdown(true)
      .keepTime(true)
      .includeVars(false),
    external('Runbook', links.runbook, 'doc'),
    external('Canaries', links.page, 'external link'),
  ];
}

/** A link that keeps the range and the data source, and takes the labels of the clicked value. */
export function drillLink(
  { labels = {}, title, uid }: Drill,
  plan?: Pick<PanelPlan, 'columns' | 'kind'>,
): DashboardLinkBuilder {
  const variables = Object.entries(labels).map(
    ([variable, label]) => `&var-${variable}=${clickedValue(label, plan)}`,
  );
  const kept = `\${datasource:queryparam}&\${__url_time_range}`;
  return new DashboardLinkBuilder(`Open ${title}`)
    .type(DashboardLinkType.Link)
    .url(`/d/${uid}?${kept}${variables.join('')}`)
    .tooltip(`Open ${title}`);
}

/** In a table a label is a column, by its title; elsewhere it belongs to the series. */
function clickedValue(
  label: string,
  plan: Pick<PanelPlan, 'columns' | 'kind'> | undefined,
): string {
  if (plan?.kind !== 'table') return `\${__field.labels.${label}}`;
  return `\${__data.fields["${plan.columns?.[label] ?? label}"]}`;
}
