// What a PromQL expression is made of, by the grammar that Prometheus' own editor uses.
import { parser } from '@prometheus-io/lezer-promql';

/** Where an expression is not PromQL, each place with what stands there; empty when all is well. */
export function syntaxErrors(expr: string): readonly string[] {
  const errors: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ from, to, type }) => {
      if (type.isError) errors.push(`at ${from}: ${JSON.stringify(expr.slice(from, to + 12))}`);
    },
  });
  return errors;
}

/** The names of the series that an expression selects, each once. Throws on a syntax error. */
export function metricNames(expr: string): readonly string[] {
  const errors = syntaxErrors(expr);
  if (errors.length > 0) throw new Error(`${errors.join('; ')} in ${expr}`);
  const names = new Set<string>();
  parser.parse(expr).iterate({
    enter: ({ node }) => {
      if (node.name !== 'VectorSelector') return;
      const name = node.getChild('Identifier');
      if (name === null) throw new Error(`a selector without a metric in ${expr}`);
      names.add(expr.slice(name.from, name.to));
    },
  });
  return [...names];
}

/** The metric of a series: those of a histogram or summary belong to its family. */
export function familyName(series: string, families: ReadonlySet<string>): string {
  if (families.has(series)) return series;
  const family = series.replace(/_(bucket|sum|count)$/, '');
  return families.has(family) ? family : series;
}
