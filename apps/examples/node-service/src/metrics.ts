// What the service counts, as one page of text.
import { createSummary, type Summary } from './summary.ts';

/** What is true at one moment. */
export interface Gauges {
  /** Texts that wait. */
  readonly queue: number;
  /** Streams that are open. */
  readonly streams: number;
}

/** The counters of one service. */
export interface Metrics {
  /** Counts an answer. @param status - of HTTP, or `gone` where the client left before it. */
  readonly answered: (route: string, status: number | 'gone') => void;
  /** Seconds from a whole text to its prediction, waiting included. */
  readonly predictions: Summary;
  /** Texts in a batch. */
  readonly batches: Summary;
  /** Seconds from a line of a stream to its prediction. */
  readonly lines: Summary;
  /** The page. */
  readonly text: (gauges: Gauges) => string;
}

/** Counters at 0. */
export function createMetrics(): Metrics {
  const answers = new Map<string, number>();
  const predictions = createSummary();
  const batches = createSummary();
  const lines = createSummary();
  return {
    answered: (route, status) => {
      const labels = `route="${route}",status="${status}"`;
      answers.set(labels, (answers.get(labels) ?? 0) + 1);
    },
    predictions,
    batches,
    lines,
    text: ({ queue, streams }) =>
      [
        '# TYPE http_answers_total counter',
        ...Array.from(answers, ([labels, count]) => `http_answers_total{${labels}} ${count}`),
        ...predictions.lines('prediction_seconds'),
        ...batches.lines('batch_texts'),
        ...lines.lines('stream_line_seconds'),
        ...gauge('queue_texts', queue),
        ...gauge('streams_open', streams),
        ...memory(),
        '',
      ].join('\n'),
  };
}

function memory(): string[] {
  const { rss, heapUsed, external } = process.memoryUsage();
  return [
    ...gauge('process_resident_memory_bytes', rss),
    ...gauge('nodejs_heap_used_bytes', heapUsed),
    ...gauge('nodejs_external_memory_bytes', external),
  ];
}

function gauge(name: string, value: number): string[] {
  return [`# TYPE ${name} gauge`, `${name} ${value}`];
}
